// SPDX-License-Identifier: Apache-2.0
#include "model/image_processor.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

ModelConfig config_of(const std::string& model) {
  const auto config = read_hf_config(parity_folder(model) + "/config.json");
  NELUMBO_CHECK(config.ok()) << config.error().message;
  return config.value();
}

TEST(ImageProcessor, IsTheOneOfTheModel) {
  for (const auto& [model, mark] :
       {std::pair("smolvlm", "<image>"), std::pair("qwen2_5_vl", "<|image_pad|>")}) {
    const auto read = read_image_processor(parity_folder(model), config_of(model));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read.value()->mark(), mark);
    EXPECT_NE(read.value()->framed_mark().find(mark), std::string::npos);
  }
}

TEST(ImageProcessor, NamesTheFileAndTheKeyThatItDoesNotSupport) {
  const TemporaryFolder folder;
  for (const char* model : kVisionModels) {
    nlohmann::json document = parity_json(model, "preprocessor_config.json");
    document["rescale_factor"] = 0.5;
    std::ofstream(folder / "preprocessor_config.json") << document;
    const auto read = read_image_processor(folder.path(), config_of(model));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().message,
              folder / "preprocessor_config.json" + ": rescale_factor must be 1/255");
  }
}

TEST(Placeholders, TakeThePlaceOfTheMarksInOrder) {
  const std::vector<SeenImage> images{{{}, "[1]"}, {{}, "[x]"}};
  EXPECT_EQ(with_placeholders("a x b x", "x", images).value(), "a [1] b [x]");
  EXPECT_EQ(with_placeholders("no mark", "x", {}).value(), "no mark");
}

TEST(Placeholders, MustBeAsManyAsTheMarks) {
  const std::vector<SeenImage> images{{{}, "[1]"}};
  EXPECT_EQ(with_placeholders("a", "x", images).error().message, "has 0 times x for 1 images");
  EXPECT_EQ(with_placeholders("xx", "x", images).error().message, "has 2 times x for 1 images");
}

}  // namespace
}  // namespace nelumbo

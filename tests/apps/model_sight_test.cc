// SPDX-License-Identifier: Apache-2.0
#include "apps/model_sight.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(ModelSight, ShowsImagesAsTheModelSeesThem) {
  const ParityModel model("qwen2_5_vl");
  const std::string folder = parity_folder("qwen2_5_vl");
  ModelSight sight(folder, model.network.config);
  const auto shown = sight.see({folder + "/images/a_97x53.png", folder + "/images/c_224x150.png"});
  ASSERT_TRUE(shown.ok()) << shown.error().message;
  EXPECT_EQ(shown.value().mark, "<|image_pad|>");
  ASSERT_EQ(pixels_of(shown.value()).size(), 2U);
  EXPECT_EQ(pixels_of(shown.value())[0]->width, 84);
  std::vector<int32_t> tokens(46, *model.network.config.image_token_id);
  EXPECT_TRUE(
      check_placeholders(tokens, pixels_of(shown.value()), model.network.config, "here").ok());
  tokens.back() = 5;
  EXPECT_EQ(check_placeholders(tokens, pixels_of(shown.value()), model.network.config, "here")
                .error()
                .message,
            "here: its images take 46 image tokens, but it has 45");
}

TEST(ModelSight, NeedsAModelThatSeesAndFilesThatCanBeRead) {
  const ParityModel blind("qwen3");
  const std::string folder = parity_folder("qwen3");
  ModelSight none(folder, blind.network.config);
  EXPECT_TRUE(none.see({}).ok());
  EXPECT_EQ(none.see({"a.png"}).error().message,
            folder + ": is a model of text alone, it sees no images");
  const ParityModel model("smolvlm");
  const std::string seeing = parity_folder("smolvlm");
  ModelSight sight(seeing, model.network.config);
  EXPECT_NE(sight.see({"none.png"}).error().message.find("none.png"), std::string::npos);
}

TEST(ModelSight, ReadsThePathsOfALine) {
  EXPECT_TRUE(image_paths({{"text", "a"}}, "f:1").value().empty());
  EXPECT_EQ(image_paths({{"images", {"a", "b"}}}, "f:1").value(),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(image_paths({{"images", "a"}}, "f:1").error().message,
            "f:1: 'images' must be a list of paths");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class ModelTokenizeCommand : public ::testing::Test {
 protected:
  Called tokenize(const std::string& lines) {
    put_file(folder_ / "lines.jsonl", lines);
    return call({"model", "tokenize", in_repository("tests/data/tokenizers/llama3_style"),
                 "--input", folder_ / "lines.jsonl"});
  }

  TemporaryFolder folder_;
};

TEST_F(ModelTokenizeCommand, AnswersEachLineByOne) {
  const Called called =
      tokenize("{\"text\":\"!\"}\n\n{\"text\":\"!\",\"add_special\":true}\n{\"ids\":[920,0]}\n");
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(called.out,
            "{\"ids\":[0]}\n{\"ids\":[920,0]}\n"
            "{\"text\":\"<|begin_of_text|>!\",\"text_skip_special\":\"!\"}\n");
}

TEST_F(ModelTokenizeCommand, SaysWhichIdNoTokenHas) {
  const Called called = tokenize("{\"ids\":[0,99999]}\n{\"ids\":[0]}\n");
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(called.out,
            "{\"error\":\"no token has the id 99999\"}\n"
            "{\"text\":\"!\",\"text_skip_special\":\"!\"}\n");
}

TEST_F(ModelTokenizeCommand, UsesTheTokenizerInsideAGgufFile) {
  put_file(folder_ / "lines.jsonl", "{\"text\":\"hello\"}\n");
  const Called called = call({"model", "tokenize", in_repository("tests/data/gguf/policy.gguf"),
                              "--input", folder_ / "lines.jsonl"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "{\"ids\":[")) << called.out;
}

TEST_F(ModelTokenizeCommand, NamesTheLineThatItCannotRead) {
  for (const char* bad : {"{", "{}", "[1]", "{\"ids\":[-1]}", "{\"ids\":3}", "{\"text\":3}"}) {
    const Called called = tokenize("{\"text\":\"a\"}\n" + std::string(bad) + "\n");
    EXPECT_EQ(called.code, 4) << bad;
    EXPECT_TRUE(has(called.err, "lines.jsonl:2: ")) << called.err;
  }
}

class TokenizePictures : public ::testing::TestWithParam<const char*> {
 protected:
  Called tokenize(const json& line) {
    put_file(folder_ / "lines.jsonl", line.dump() + "\n");
    return call(
        {"model", "tokenize", parity_folder(GetParam()), "--input", folder_ / "lines.jsonl"});
  }

  TemporaryFolder folder_;
};

TEST_P(TokenizePictures, GivesTheIdsOfTransformers) {
  const json ones = parity_json(GetParam(), "cases.json")["cases"];
  for (const json& one : ones) {
    json line{{"text", one["prompt"]}, {"images", json::array()}};
    for (const json& path : one["images"])
      line["images"].push_back(parity_folder(GetParam()) + "/" + path.get<std::string>());
    const Called called = tokenize(line);
    ASSERT_EQ(called.code, 0) << called.err;
    EXPECT_EQ(json::parse(called.out)["ids"], one["input_ids"]);
    line["images"].push_back(line["images"][0]);
    const Called more = tokenize(line);
    EXPECT_EQ(more.code, 4);
    EXPECT_TRUE(has(more.err, "lines.jsonl:1: has ")) << more.err;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, TokenizePictures, ::testing::ValuesIn(kVisionModels),
                         [](const auto& model) { return std::string(model.param); });

TEST_F(ModelTokenizeCommand, NeedsATokenizerAndItsInput) {
  EXPECT_EQ(call({"model", "tokenize", folder_.path(), "--input", "x"}).code, 2);
  EXPECT_EQ(call({"model", "tokenize", folder_.path()}).code, 2);
}

}  // namespace
}  // namespace nelumbo

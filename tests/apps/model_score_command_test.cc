// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/small_adapter.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class ModelScore : public ::testing::Test {
 protected:
  Called score(const std::string& model, const std::string& lines) {
    std::ofstream(folder_ / "input.jsonl") << lines;
    return call({"model", "score", parity_folder(model), "--input", folder_ / "input.jsonl"});
  }

  TemporaryFolder folder_;
};

TEST_F(ModelScore, PrintsOneLineForEachSequence) {
  const json sequences = parity_json("qwen3", "logprobs.json")["sequences"];
  std::string lines;
  for (const json& sequence : sequences)
    lines += json{{"tokens", sequence["ids"]}}.dump() + "\n";
  const Called called = score("qwen3", lines);
  ASSERT_EQ(called.code, 0) << called.err;
  std::istringstream out(called.out);
  std::string line;
  for (const json& sequence : sequences) {
    ASSERT_TRUE(std::getline(out, line));
    const json logprobs = json::parse(line)["logprobs"];
    ASSERT_EQ(logprobs.size(), sequence["logprobs"].size());
    for (size_t i = 0; i < logprobs.size(); ++i)
      EXPECT_NEAR(logprobs[i].get<double>(), sequence["logprobs"][i].get<double>(), 1e-4);
  }
}

TEST_F(ModelScore, LooksAtPictures) {
  const json one = parity_json("smolvlm", "cases.json")["cases"][3];
  json line{{"tokens", one["input_ids"]}, {"images", json::array()}};
  for (const json& path : one["images"])
    line["images"].push_back(parity_folder("smolvlm") + "/" + path.get<std::string>());
  const Called called = score("smolvlm", line.dump());
  ASSERT_EQ(called.code, 0) << called.err;
  const json logprobs = json::parse(called.out)["logprobs"];
  for (size_t i = 0; i < logprobs.size(); ++i)
    EXPECT_NEAR(logprobs[i].get<double>(), one["all_logprobs"][i].get<double>(), 2e-4) << i;
  line["images"].erase(0);
  EXPECT_TRUE(
      has(score("smolvlm", line.dump()).err, "its images take 52 image tokens, but it has"));
}

TEST_F(ModelScore, ScoresWithAnAdapterMerged) {
  const auto with = [&](const std::string& adapter) {
    return call({"model", "score", parity_folder("qwen3"), "--adapter", adapter, "--input",
                 folder_ / "input.jsonl"});
  };
  const std::string plain = score("qwen3", R"({"tokens": [1, 2, 3]})").out;
  put_adapter(folder_.path(), "model.layers.0.self_attn.v_proj.weight", {64, 64}, 0);
  EXPECT_EQ(with(folder_.path()).out, plain);
  put_adapter(folder_.path(), "model.layers.0.self_attn.v_proj.weight", {64, 64}, 0.25F);
  const Called moved = with(folder_.path());
  EXPECT_EQ(moved.code, 0) << moved.err;
  EXPECT_NE(moved.out, plain);
  const Called missing = with(folder_ / "none");
  EXPECT_EQ(missing.code, 2);
  EXPECT_TRUE(has(missing.err, "none/adapter_config.json: missing")) << missing.err;
}

TEST_F(ModelScore, PutsPicturesInThePlaceOfTheMarksOfAText) {
  const json one = parity_json("qwen2_5_vl", "cases.json")["cases"][2];
  json line{{"text", one["prompt"]}, {"images", json::array()}};
  for (const json& path : one["images"])
    line["images"].push_back(parity_folder("qwen2_5_vl") + "/" + path.get<std::string>());
  const Called called = score("qwen2_5_vl", line.dump());
  ASSERT_EQ(called.code, 0) << called.err;
  const json logprobs = json::parse(called.out)["logprobs"];
  ASSERT_EQ(logprobs.size(), one["input_ids"].size() - 1);
  for (size_t i = 0; i < logprobs.size(); ++i)
    EXPECT_NEAR(logprobs[i].get<double>(), one["all_logprobs"][i].get<double>(), 2e-4) << i;
  line["images"].erase(0);
  EXPECT_TRUE(has(score("qwen2_5_vl", line.dump()).err, "has 2 times <|image_pad|> for 1 images"));
}

TEST_F(ModelScore, SaysWhichLineCannotBeScored) {
  const auto refused = [&](const std::string& model, const json& line, const std::string& why) {
    const Called called = score(model, "{\"tokens\": [1, 2]}\n" + line.dump() + "\n");
    EXPECT_EQ(called.code, 4) << line;
    EXPECT_TRUE(has(called.err, "input.jsonl:2: " + why)) << called.err;
  };
  refused("qwen3", {{"tokens", {1, 928}}}, "'tokens' must be a list of ids below 928");
  refused("qwen3", {{"tokens", {1, -2}}}, "'tokens' must be a list of ids below 928");
  refused("qwen3", {{"tokens", json::array()}}, "is 0 tokens; from 1 to 1024 can be scored");
  refused("qwen3", {{"tokens", std::vector<int>(1025, 5)}}, "is 1025 tokens");
  refused("qwen3", {{"tokens", {1, 2}}, {"images", {"a.png"}}}, "has images, but the model");
  refused("qwen3", {{"tokens", {1, 2}}, {"images", "a.png"}}, "'images' must be a list of paths");
  refused("smolvlm", {{"tokens", {1, 838, 838}}}, "its images take 0 image tokens, but it has 2");
}

}  // namespace
}  // namespace nelumbo

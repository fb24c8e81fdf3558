// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/apps/small_policy.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class GenerateCommand : public ::testing::Test {
 protected:
  void SetUp() override { put_tiny_policy(folder_.path()); }

  Called generate(std::vector<std::string> more) {
    std::vector<std::string> words = {"generate", folder_.path(), "--image",
                                      in_repository("data/bccd/images/BloodImage_00001.jpg")};
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  }

  TemporaryFolder folder_;
};

TEST_F(GenerateCommand, AnswersAKnownQuestionWithOneJsonObject) {
  const Called called = generate({"--task", "locate", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const json answer = json::parse(called.out);
  ASSERT_EQ(answer["answers"].size(), 1U);
  EXPECT_EQ(answer["answers"][0]["tokens"].size(), answer["answers"][0]["logprobs"].size());
  EXPECT_EQ(call({"generate"}).out, "");
}

TEST_F(GenerateCommand, DrawsTheSameWithTheSameSeedOnly) {
  const auto drawn = [&](const char* seed) {
    return generate({"--prompt", "hello", "--temperature", "1", "--seed", seed, "--json"}).out;
  };
  EXPECT_EQ(drawn("1"), drawn("1"));
  EXPECT_NE(drawn("1"), drawn("2"));
}

TEST_F(GenerateCommand, SaysWhichSeedsThereAre) {
  const Called called = generate({"--prompt", "hello", "--seed", "-1"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "must be a whole number from 0, is -1")) << called.err;
  EXPECT_LT(called.err.size(), 200U);
}

TEST_F(GenerateCommand, DumpsWhatAnotherProgramNeedsToComputeTheSameLogprobs) {
  const Called called = generate({"--task", "caption", "--dump", folder_ / "dump.json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const json dump = json::parse(slurp(folder_ / "dump.json"));
  const int64_t size = dump["image_size"];
  EXPECT_EQ(dump["answers"][0]["pixels"][0].size(), static_cast<size_t>(3 * size * size));
  EXPECT_FALSE(dump["prompt_tokens"].empty());
}

TEST_F(GenerateCommand, ChatsAboutAPictureInTheTemplateOfThePolicy) {
  const Called called = generate({"--chat", "What is this?", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_FALSE(json::parse(called.out)["tokens"].empty());
  EXPECT_EQ(generate({"--chat", "a", "--task", "locate"}).code, 2);
}

TEST_F(GenerateCommand, AsksAPolicyAboutOnePicture) {
  const std::string again = in_repository("data/bccd/images/BloodImage_00001.jpg");
  EXPECT_EQ(generate({"--image", again, "--task", "locate"}).code, 2);
}

TEST_F(GenerateCommand, NeedsAPlaceForAQuestionAboutAPlace) {
  EXPECT_EQ(generate({"--task", "type"}).code, 2);
  EXPECT_TRUE(has(generate({"--task", "type"}).err, "--box"));
  EXPECT_EQ(generate({"--task", "type", "--box", "10", "10", "90", "90"}).code, 0);
  EXPECT_EQ(generate({"--task", "count", "--box", "9000", "1", "9001", "9"}).code, 2);
}

TEST_F(GenerateCommand, SuggestsTheTaskThatWasMeant) {
  EXPECT_TRUE(has(generate({"--task", "locat"}).err, "did you mean 'locate'?"));
  EXPECT_EQ(generate({}).code, 2);
}

TEST_F(GenerateCommand, NamesAPictureThatCannotBeRead) {
  const Called called =
      call({"generate", folder_.path(), "--image", "none.jpg", "--task", "locate"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "--image: there is no file 'none.jpg'")) << called.err;
  put_file(folder_ / "broken.jpg", "no picture");
  EXPECT_EQ(
      call({"generate", folder_.path(), "--image", folder_ / "broken.jpg", "--task", "locate"})
          .code,
      4);
}

std::string listed(const json& tokens) {
  std::string list;
  for (const json& token : tokens)
    list += (list.empty() ? "" : ",") + token.dump();
  return list;
}

class GenerateText : public ::testing::TestWithParam<const char*> {};

TEST_P(GenerateText, DrawsTheGreedyTokensOfTransformers) {
  const json greedy = parity_json(GetParam(), "logprobs.json")["greedy"];
  const Called called =
      call({"generate", parity_folder(GetParam()), "--json", "--tokens", listed(greedy["prompt"]),
            "--greedy", "--ignore-eos", "--max-tokens", "32", "--dtype", "fp32"});
  ASSERT_EQ(called.code, 0) << called.err;
  const json answer = json::parse(called.out);
  EXPECT_EQ(answer["tokens"], greedy["tokens"]);
  ASSERT_EQ(answer["logprobs"].size(), 32U);
  for (size_t i = 0; i < 32; ++i)
    EXPECT_NEAR(answer["logprobs"][i].get<double>(), greedy["logprobs"][i].get<double>(), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Families, GenerateText, testing::ValuesIn(kTextModels),
                         [](const auto& model) { return std::string(model.param); });

class GenerateFromPictures : public ::testing::TestWithParam<const char*> {
 protected:
  static Called generate(const json& images, const std::vector<std::string>& more) {
    std::vector<std::string> words{
        "generate", parity_folder(GetParam()), "--json", "--greedy", "--ignore-eos", "--max-tokens",
        "16"};
    for (const json& path : images)
      words.insert(words.end(),
                   {"--image", parity_folder(GetParam()) + "/" + path.get<std::string>()});
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  }
};

TEST_P(GenerateFromPictures, DrawsTheGreedyTokensOfTransformers) {
  const json ones = parity_json(GetParam(), "cases.json")["cases"];
  for (const json& one : ones) {
    const Called called = generate(one["images"], {"--tokens", listed(one["input_ids"])});
    ASSERT_EQ(called.code, 0) << called.err;
    EXPECT_EQ(json::parse(called.out)["tokens"], one["greedy16"]);
  }
}

TEST_P(GenerateFromPictures, NeedsAsManyPicturesAsThePromptHas) {
  const json one = parity_json(GetParam(), "cases.json")["cases"].back();
  const std::string tokens = listed(one["input_ids"]);
  const Called few = generate(json::array({one["images"][0]}), {"--tokens", tokens});
  EXPECT_EQ(few.code, 4);
  EXPECT_TRUE(has(few.err, "--tokens: its images take")) << few.err;
  EXPECT_EQ(generate(json::array(), {"--tokens", tokens}).code, 4);
  EXPECT_EQ(generate(one["images"], {"--prompt", "<image><|image_pad|>"}).code, 4);
  EXPECT_EQ(generate(one["images"], {"--prompt", "Which is larger?"}).code, 0);
}

TEST_P(GenerateFromPictures, KnowsNoTasksOfOurs) {
  const json one = parity_json(GetParam(), "cases.json")["cases"][0];
  const Called called = generate(one["images"], {"--task", "locate"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "is no policy of ours")) << called.err;
  EXPECT_EQ(generate(one["images"], {"--prompt", "a", "--chat", "b"}).code, 2);
}

INSTANTIATE_TEST_SUITE_P(Families, GenerateFromPictures, ::testing::ValuesIn(kVisionModels),
                         [](const auto& model) { return std::string(model.param); });

TEST(GenerateTextCommand, SaysWhatToGive) {
  EXPECT_EQ(call({"generate", parity_folder("qwen3")}).code, 2);
  const Called unknown = call({"generate", parity_folder("qwen3"), "--tokens", "1,928"});
  EXPECT_EQ(unknown.code, 4);
  EXPECT_TRUE(has(unknown.err, "--tokens: 928 is no token of the model, which has 928"));
  EXPECT_EQ(call({"generate", parity_folder("qwen3"), "--tokens", "1", "--task", "locate"}).code,
            2);
  const Called blind = call({"generate", parity_folder("qwen3"), "--tokens", "1", "--image",
                             in_repository("data/bccd/images/BloodImage_00001.jpg")});
  EXPECT_EQ(blind.code, 4);
  EXPECT_TRUE(has(blind.err, "it sees no images")) << blind.err;
}

}  // namespace
}  // namespace nelumbo

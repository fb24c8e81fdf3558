// SPDX-License-Identifier: Apache-2.0
#include "reward/policy_judge.h"

#include <cmath>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "kernels/team.h"
#include "model/chat_format.h"
#include "model/scoring.h"
#include "reward/judge_prompt.h"
#include "tests/support/chat_model_folder.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

PolicyJudgeKeys keys(double threshold = 0.5) {
  return {.model = "m", .threshold = threshold, .threads = 2};
}

JudgeQuestion question(const std::string& answer) {
  return {"own", "Is it red?", "Says that it is red.", answer, JudgeForm::kMet};
}

class PolicyJudgeTest : public testing::Test {
 protected:
  PolicyJudgeTest() { put_chat_model(folder_ / ""); }

  /// The same probability from the log-probs of whole sequences, one for each word.
  double from_whole_sequences(const JudgeQuestion& asked) {
    const ParityModel model("llama_tied");
    Team team(1);
    const EngineWeights weights(model.network, model.weights, team);
    const auto tokenizer =
        std::make_shared<const Tokenizer>(Tokenizer::read(folder_ / "tokenizer.json").value());
    const ChatFormat format(read_chat_directory(folder_ / "").value(), tokenizer, {});
    const std::string mark =
        xxh3_128_hex(bytes_of(asked.asked + asked.criterion + asked.answer)).substr(0, 16);
    const JudgePrompt prompt = judge_prompt(asked, mark, ReplyForm::kWord, 16000);
    const auto tokens =
        format
            .prompt(nlohmann::ordered_json::array(
                        {{{"role", "user"}, {"content", prompt.system + "\n\n" + prompt.user}}}),
                    nullptr)
            .value();
    // No "yes" is one token of this small vocabulary: first tokens stand for all, each once.
    double yes = 0, no = 0;
    std::set<int32_t> seen;
    for (const char* word : {"yes", "Yes", "YES", " yes", " Yes", "no", "No", "NO", " no", " No"}) {
      const auto one = tokenizer->encode(word, Tokenizer::Control::kPlain);
      EXPECT_TRUE(one.size() > 1 || std::tolower(word[0]) != 'y');
      if (!seen.insert(one.front()).second)
        continue;
      std::vector<int32_t> all = tokens;
      all.push_back(one.front());
      const double p = std::exp(score_tokens(model.network, weights, team, all).back());
      (std::tolower(word[word[0] == ' ' ? 1 : 0]) == 'y' ? yes : no) += p;
    }
    return yes / (yes + no);
  }

  TemporaryFolder folder_;
};

TEST_F(PolicyJudgeTest, WeighsYesAgainstNoAsTheFirstToken) {
  const PolicyJudge judge(keys(), folder_ / "", 16000);
  const auto weighed = judge.weigh(question("It is red."));
  ASSERT_TRUE(weighed.ok()) << weighed.error().message;
  EXPECT_NEAR(weighed.value(), from_whole_sequences(question("It is red.")), 1e-6);
  EXPECT_GT(weighed.value(), 0);
  EXPECT_LT(weighed.value(), 1);
}

TEST_F(PolicyJudgeTest, GivesTheSameBitsAgain) {
  const PolicyJudge one(keys(), folder_ / "", 16000), other(keys(), folder_ / "", 16000);
  const auto first = one.weigh(question("It is red."));
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first.value(), one.weigh(question("It is red.")).value());
  EXPECT_EQ(first.value(), other.weigh(question("It is red.")).value());
  EXPECT_NE(first.value(), one.weigh(question("It is blue, I think.")).value());
}

TEST_F(PolicyJudgeTest, DecidesByItsThreshold) {
  const auto p = PolicyJudge(keys(), folder_ / "", 16000).weigh(question("red"));
  ASSERT_TRUE(p.ok()) << p.error().message;
  for (const double step : {-0.005, 0.005}) {
    const PolicyJudge judge(keys(p.value() + step), folder_ / "", 16000);
    const JudgeQuestion asked = question("red");
    EXPECT_EQ(judge.ask({&asked, 1}, 60).front().value, step < 0 ? 1 : 0);
  }
}

TEST_F(PolicyJudgeTest, FailsWithTheFileThatIsMalformed) {
  std::ofstream(folder_ / "config.json") << "{";
  const PolicyJudge judge(keys(), folder_ / "", 16000);
  const JudgeQuestion asked = question("red");
  const JudgeReply reply = judge.ask({&asked, 1}, 60).front();
  EXPECT_EQ(reply.kind, JudgeReply::Kind::kInfraError);
  EXPECT_NE(reply.note.find("config.json"), std::string::npos) << reply.note;
  EXPECT_EQ(judge.counts().failures, 1);
}

TEST_F(PolicyJudgeTest, KeepsItsTimeAndIsCancelled) {
  const PolicyJudge judge(keys(), folder_ / "", 16000);
  const JudgeQuestion asked = question("red");
  EXPECT_EQ(judge.ask({&asked, 1}, 0).front().kind, JudgeReply::Kind::kTimeout);
  judge.cancel();
  EXPECT_EQ(judge.ask({&asked, 1}, 60).front().note, "the run ends");
}

}  // namespace
}  // namespace nelumbo

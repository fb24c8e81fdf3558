// SPDX-License-Identifier: Apache-2.0
#include "apps/preference_rows.h"

#include <algorithm>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "tests/apps/chat_run.h"

namespace nelumbo {
namespace {

class PreferenceRowsTest : public ChatRunTest {
 protected:
  PreferenceRowsTest() {
    std::ofstream rows(data_ / "pairs.jsonl");
    for (int i = 1; i <= 10; ++i)
      rows << R"({"prompt": ")" << i << R"( + 1?", "chosen": "It is )" << i + 1
           << R"(", "rejected": "It is surely )" << i + 2 << R"(", "margin": )" << i << "}\n";
    auto model = chat_model_of(open_model(model_.path()));
    NELUMBO_CHECK(model.ok()) << model.error().message;
    chat_ = std::move(model).value();
  }

  Result<PreferenceRows> load(std::vector<std::string> overrides = {}) {
    overrides.insert(overrides.begin(),
                     {"pipeline=[reward_model, dpo]",
                      "preferences.train=" + (data_ / "pairs.jsonl"), "preferences.hold_out=2"});
    return load_preferences(config_of(overrides), "c.yaml", chat_, chat_format_of(chat_).value());
  }

  ChatModel chat_;
};

TEST_F(PreferenceRowsTest, HoldsSomeOutAndKeepsBothAnswersBehindThePrompt) {
  const auto rows = load();
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ(rows.value().train.size(), 8U);
  ASSERT_EQ(rows.value().validation.size(), 2U);
  EXPECT_EQ(rows.value().validation[0].id, "pairs.jsonl:5");
  const PreferenceRow& row = rows.value().train[0];
  EXPECT_EQ(row.margin, 1);
  const auto said = [&](size_t side) {
    std::vector<int32_t> tokens;
    const TrainingItem& item = row.pair.items[side];
    for (size_t t = 0; t < item.tokens.size(); ++t)
      if (item.trained[t] != 0)
        tokens.push_back(item.tokens[t]);
    return chat_.tokenizer->decode(tokens, Tokenizer::Special::kSkip);
  };
  EXPECT_NE(said(0).find("It is 2"), std::string::npos) << said(0);
  EXPECT_NE(said(1).find("It is surely 3"), std::string::npos) << said(1);
  EXPECT_EQ(said(0).find("+ 1?"), std::string::npos) << "the prompt is not trained";
  EXPECT_NE(chat_.tokenizer->decode(row.pair.prefix, Tokenizer::Special::kSkip).find("1 + 1?"),
            std::string::npos);
}

TEST_F(PreferenceRowsTest, TheRewardModelIsScoredWhereTheAnswerEnds) {
  const auto rows = load();
  ASSERT_TRUE(rows.ok());
  const PreferencePairs dpo = pairs_of_stage(StageKind::kDpo, rows.value());
  const PreferencePairs scored = pairs_of_stage(StageKind::kRewardModel, rows.value());
  EXPECT_EQ(dpo.train, 8);
  EXPECT_EQ(scored.all.groups.size(), 10U);
  EXPECT_EQ(scored.all.offsets[0], 1);
  EXPECT_EQ(dpo.all.offsets[0], 0);
  for (size_t side = 0; side < 2; ++side) {
    const TrainingItem& whole = dpo.all.groups[0].items[side];
    const TrainingItem& item = scored.all.groups[0].items[side];
    EXPECT_EQ(std::ranges::count(item.trained, 1), 1);
    EXPECT_EQ(item.trained.back(), 1);
    const auto end = std::ssize(item.tokens) - 2;  // the token before the mark
    EXPECT_EQ(whole.trained[static_cast<size_t>(end)], 1);
    EXPECT_EQ(
        std::ranges::find(chat_.ends, item.tokens[static_cast<size_t>(end)]) == chat_.ends.end(),
        false);
  }
}

TEST_F(PreferenceRowsTest, WhatValidatesIsNeverTrainedOn) {
  std::ofstream(data_ / "held.jsonl") << R"({"prompt": "3 + 1?", "chosen": "4", "rejected": "no"})"
                                      << "\n";
  const auto rows = load({"preferences.validation=" + (data_ / "held.jsonl")});
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  EXPECT_EQ(rows.value().train.size(), 9U);
  for (const PreferenceRow& row : rows.value().train)
    EXPECT_NE(row.id, "pairs.jsonl:3");
}

TEST_F(PreferenceRowsTest, NoStageNoRows) {
  const auto rows = load_preferences(config_of(), "c.yaml", chat_, chat_format_of(chat_).value());
  ASSERT_TRUE(rows.ok());
  EXPECT_TRUE(rows.value().train.empty());
}

TEST_F(PreferenceRowsTest, SaysWhatIsWrong) {
  EXPECT_NE(load({"preferences.hold_out=10"}).error().message.find("preferences.hold_out: must be"),
            std::string::npos);
  EXPECT_NE(load({"preferences.train=none.jsonl"}).error().message.find("preferences.train: "),
            std::string::npos);
  std::ofstream(data_ / "long.jsonl")
      << R"({"prompt": "a", "chosen": "b", "rejected": ")" << std::string(20000, 'x') << "\"}\n"
      << R"({"prompt": "b", "chosen": "b", "rejected": "c"})";
  const auto longer =
      load({"preferences.train=" + (data_ / "long.jsonl"), "preferences.hold_out=1"});
  ASSERT_FALSE(longer.ok());
  EXPECT_NE(longer.error().message.find("long.jsonl:1: takes "), std::string::npos)
      << longer.error().message;
}

TEST_F(PreferenceRowsTest, TheHashKnowsEveryToken) {
  const auto rows = load();
  PreferenceRows other = rows.value();
  EXPECT_EQ(preferences_hash(other), preferences_hash(rows.value()));
  other.train[0].pair.items[1].tokens.back() += 1;
  EXPECT_NE(preferences_hash(other), preferences_hash(rows.value()));
}

}  // namespace
}  // namespace nelumbo

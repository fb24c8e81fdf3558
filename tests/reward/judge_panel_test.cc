// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_panel.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"
#include "tests/support/judge_panels.h"

namespace nelumbo {
namespace {

constexpr const char* kTwo = R"(
judges:
  grader: {url: 'http://127.0.0.1:1/v1', model: m}
  second: {url: 'http://127.0.0.1:1/v1', model: n}
)";

std::string complaint(const std::string& yaml) {
  JudgePanel panel;
  if (auto done = panel.read(node_of(yaml), "."); !done)
    return done.error().message;
  const auto done = panel.check();
  return done ? "" : done.error().message;
}

TEST(JudgePanel, HoldsNoJudgeAgainstItself) {
  JudgePanel panel;
  ASSERT_TRUE(panel.read(node_of(std::string(kTwo) + "holdout: {judge: second}"), ".").ok());
  const std::vector<std::string> other = {"grader"}, same = {"grader", "second"};
  EXPECT_TRUE(panel.check_training("a", other).ok());
  const auto refused = panel.check_training("a", same);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
  EXPECT_EQ(refused.error().message,
            "s.yaml:5:18: holdout.judge: 'second' is what the rubric of 'a' trains by, and would "
            "be held against itself; name another judge");
}

TEST(JudgePanel, AsksEachJudgeItsOwnQuestions) {
  const JudgePanel panel(
      {named("a", [](const JudgeQuestion&) { return JudgeReply::answer(1, "x"); }),
       named("b", [](const JudgeQuestion&) { return JudgeReply::answer(0, "y"); })});
  const std::vector<JudgeQuestion> questions = {{"b", "", "", "", JudgeForm::kMet},
                                                {"a", "", "", "", JudgeForm::kMet},
                                                {"c", "", "", "", JudgeForm::kMet},
                                                {"b", "", "", "", JudgeForm::kMet}};
  const auto replies = panel.ask(questions, 1);
  EXPECT_EQ(replies[0].note, "b: y");
  EXPECT_EQ(replies[1].value, 1);
  EXPECT_FALSE(replies[2].ok());
  EXPECT_EQ(replies[3].value, 0);
}

TEST(JudgePanel, ReadsJudgesAndTheOneHeldOut) {
  EXPECT_EQ(complaint(std::string(kTwo) + "holdout: {judge: second, share: 0.1}"), "");
  EXPECT_EQ(complaint(std::string(kTwo) + "holdout: {judge: secnd}"),
            "s.yaml:5:10: holdout: 'judge' must name one of 'judges' (did you mean 'second'?)");
  EXPECT_EQ(complaint(std::string(kTwo) + "holdout: {judge: second, share: 2}"),
            "s.yaml:5:33: holdout.share: must be between 0.001 and 1");
  JudgePanel panel;
  ASSERT_TRUE(panel.read(node_of(kTwo), ".").ok());
  const auto again =
      panel.read(node_of("judges: {grader: {url: 'http://localhost', model: m}}"), ".");
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().message.find("given already at s.yaml:3:11: judges.grader"),
            std::string::npos)
      << again.error().message;
}

TEST(JudgePanel, TellsNewsOnceAndPausesOnAWideGap) {
  JudgePanel panel;
  ASSERT_TRUE(
      panel.read(node_of(std::string(kTwo) + "holdout: {judge: second, share: 1}"), ".").ok());
  EXPECT_EQ(panel.hold_out("any"), "second");
  JudgePanel silent;
  ASSERT_TRUE(
      silent.read(node_of(std::string(kTwo) + "holdout: {judge: second, share: 1}"), ".").ok());
  silent.hold_out_failed();
  EXPECT_FALSE(silent.hold_out("any").has_value()) << "it keeps nobody waiting";
  for (int i = 0; i < 30; ++i)
    panel.compare(0.65 + i % 5 * 0.05, 0.5 + i % 5 * 0.05);
  JudgeNews news = panel.news();
  EXPECT_NEAR(news.metrics.at("judge/holdout/gap"), 0.15, 1e-12);
  EXPECT_EQ(news.metrics.at("judge/holdout/alarm"), 1);
  EXPECT_EQ(news.metrics.at("judge/grader/calls"), 0);
  EXPECT_TRUE(news.warning.has_value());
  EXPECT_FALSE(news.pause.has_value());
  EXPECT_FALSE(panel.news().warning.has_value()) << "said already";
  for (int i = 0; i < 300; ++i)
    panel.compare(0.8, 0.5);
  news = panel.news();
  ASSERT_TRUE(news.pause.has_value());
  EXPECT_NE(news.pause->find("the judges that train give 0.2"), std::string::npos) << *news.pause;
}

}  // namespace
}  // namespace nelumbo

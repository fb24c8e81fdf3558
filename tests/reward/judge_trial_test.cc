// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_trial.h"

#include <functional>

#include <gtest/gtest.h>

#include "tests/support/judge_panels.h"

namespace nelumbo {
namespace {

JudgeExamPlan plan() {
  return {{{"How much?", "Says 72.", "It is 72.", true},
           {"How much?", "Says 72.", "It is 71.", false},
           {"How much?", "Says red.", "It is 72.", false}},
          0.9};
}

JudgeExam exam(const std::function<JudgeReply(const JudgeQuestion&)>& mind) {
  return examine_judge("grader", FunctionJudge(mind), plan(), 1);
}

JudgeReply honest(const JudgeQuestion& question) {
  const bool met = question.answer == "It is 72." && question.criterion == "Says 72.";
  return JudgeReply::answer(met ? 1 : 0, "");
}

TEST(JudgeTrial, AdmitsAJudgeThatAgreesAndAcceptsNoCanary) {
  const JudgeExam one = exam(honest);
  EXPECT_TRUE(one.admitted());
  EXPECT_EQ(one.agreed, 3);
  EXPECT_EQ(one.canaries, std::ssize(canary_answers())) << "one criterion can be met";
  EXPECT_EQ(one.accepted, 0);
  EXPECT_TRUE(admit_judges({&one, 1}).ok());
}

TEST(JudgeTrial, RefusesAJudgeThatSaysYesToAll) {
  const JudgeExam one = exam([](const JudgeQuestion&) { return JudgeReply::answer(1, ""); });
  EXPECT_EQ(one.accepted, one.canaries);
  const auto refused = admit_judges({&one, 1});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kCheckFailed);
  EXPECT_NE(refused.error().message.find(
                "judge grader is refused: it agrees on 1 of 3 calibration items, and must on 90 %"),
            std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find("it accepts the answer '' for 'Says 72.'"),
            std::string::npos);
}

TEST(JudgeTrial, RefusesForASingleMasterKey) {
  for (const std::string& canary : canary_answers()) {
    const JudgeExam one = exam([&](const JudgeQuestion& question) {
      return question.answer == canary ? JudgeReply::answer(1, "") : honest(question);
    });
    EXPECT_EQ(one.accepted, 1) << canary;
    EXPECT_FALSE(one.admitted()) << canary;
  }
}

TEST(JudgeTrial, RefusesAJudgeThatAlwaysSaysNoWhereItIsCalibrated) {
  EXPECT_FALSE(exam([](const JudgeQuestion&) { return JudgeReply::answer(0, ""); }).admitted());
}

TEST(JudgeTrial, AsksAgainWhereAReplyWasNone) {
  int64_t calls = 0;
  const JudgeExam one = exam([&](const JudgeQuestion& question) {
    return ++calls % 3 == 0 ? JudgeReply::failure("prose") : honest(question);
  });
  EXPECT_TRUE(one.admitted()) << one.failure.value_or("");
  EXPECT_EQ(one.agreed, 3);
}

TEST(JudgeTrial, TellsASilentJudgeFromABadOne) {
  const JudgeExam one = exam([](const JudgeQuestion&) { return JudgeReply::failure("is away"); });
  const auto silent = admit_judges({&one, 1});
  ASSERT_FALSE(silent.ok());
  EXPECT_EQ(silent.error().code, Errc::kEnvironment);
  EXPECT_NE(silent.error().message.find("judge grader cannot be asked: is away"),
            std::string::npos);
  EXPECT_NE(render({&one, 1}).find("NOT ASKED"), std::string::npos);
}

TEST(JudgeTrial, SaysWhatAJudgeAnsweredThatAnswersInAnotherForm) {
  const JudgeExam one =
      exam([](const JudgeQuestion&) { return JudgeReply::other_form("no JSON: 'Sure!'"); });
  const auto refused = admit_judges({&one, 1});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kCheckFailed);
  EXPECT_EQ(refused.error().message,
            "judge grader is refused: it answers in another form than asked: no JSON: 'Sure!'; "
            "take another model, or mend its prompt");
  EXPECT_NE(render({&one, 1}).find("OTHER FORM"), std::string::npos);
}

/// Nobody is there.
class AwayJudge final : public Judge {
 public:
  explicit AwayJudge(int64_t* asked) : asked_(asked) {}
  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions,
                              double /*seconds*/) const override {
    ++*asked_;
    return std::vector<JudgeReply>(questions.size(), JudgeReply::failure("is down"));
  }
  Result<void> reach(double /*seconds*/) const override {
    return Error{Errc::kUnavailable, "nobody answers at its address"};
  }

 private:
  int64_t* asked_;
};

TEST(JudgeTrial, AsksNothingWhereNobodyIs) {
  int64_t asked = 0;
  const JudgeExam one = examine_judge("grader", AwayJudge(&asked), plan(), 600);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(one.failure, "nobody answers at its address");
  EXPECT_EQ(admit_judges({&one, 1}).error().code, Errc::kEnvironment);
}

TEST(JudgeTrial, HasCriteriaOfItsOwnForCanaries) {
  const JudgeExam one = examine_judge("grader", FunctionJudge(honest), {}, 1);
  EXPECT_EQ(one.items, 0);
  EXPECT_EQ(one.canaries, 2 * std::ssize(canary_answers()));
  EXPECT_TRUE(one.admitted());
  EXPECT_NE(render({&one, 1}).find("admitted"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// The faults F36 to F38 of judges, from a stub server to the outcomes of whole groups.
#include "reward/judge_round.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include "reward/candidate.h"
#include "reward/reward.h"
#include "tests/support/judge_panels.h"
#include "tests/support/judge_stub.h"

namespace nelumbo {
namespace {

constexpr int64_t kGroups = 8, kAnswers = 8;

/// How long the judge is away: NELUMBO_OUTAGE_SECONDS, by hand; a second otherwise.
int outage_seconds() {
  const char* asked = std::getenv("NELUMBO_OUTAGE_SECONDS");
  return asked == nullptr ? 1 : std::atoi(asked);
}

std::string spec_for(const JudgeStub& stub, const std::string& more = "") {
  return R"(
judges:
  grader:
    url: )" +
         stub.url() +
         R"(
    model: m
    timeout_seconds: 0.1
    backoff_seconds: 0.002
    breaker_seconds: 0.01
    retries: 12
    concurrency: 16
)" + more +
         R"(
specs:
  any:
    layers:
      rubric:
        form: healthbench
        judge: grader
        criteria:
          - {criterion: It says red, points: 5}
          - {criterion: It says round, points: 3}
          - {criterion: It says cheese, points: -4}
    on: {limit_seconds: )" +
         std::to_string(19 + outage_seconds()) + R"(, infra_error: retry(3)}
)";
}

std::shared_ptr<const RewardSpec> read(const std::string& yaml) {
  auto spec = RewardSpec::parse(yaml, "s.yaml");
  EXPECT_TRUE(spec.ok()) << spec.error().message;
  return spec.value();
}

Group group(int64_t number) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "p" + std::to_string(number);
  prompt->task = prompt->reward = "any";
  prompt->text = "What is it?";
  Group made;
  made.prompt = prompt;
  const std::vector<std::string> words = {"red", "round", "cheese"};
  for (int64_t i = 0; i < kAnswers; ++i) {
    std::string answer = "Number " + std::to_string(number * kAnswers + i) + " is";
    for (size_t w = 0; w < words.size(); ++w)
      if ((number + i) >> w & 1)
        answer += " " + words[w];
    made.trajectories.push_back(answer_candidate(*prompt, answer));
  }
  return made;
}

/// What scoring all groups gave.
struct Figures {
  int64_t scores = 0, failed = 0, differ = 0;
  double mean = 0, deviation_of_mean = 0;
};

Figures score_all(const RewardSpec& spec) {
  Figures figures;
  std::vector<double> totals;
  for (int64_t g = 0; g < kGroups; ++g) {
    const std::vector<Outcome> outcomes = spec.score(group(g));
    for (int64_t i = 0; i < kAnswers; ++i) {
      const Outcome& outcome = outcomes[static_cast<size_t>(i)];
      if (outcome.kind != Outcome::Kind::kScore) {
        ++figures.failed;
        continue;
      }
      const int64_t bits = g + i;
      const double expected =
          ((bits & 1) * 5.0 + (bits >> 1 & 1) * 3.0 - (bits >> 2 & 1) * 4.0) / 8;
      figures.differ += std::abs(outcome.total - expected) > 1e-12 ? 1 : 0;
      totals.push_back(outcome.total);
    }
  }
  figures.scores = std::ssize(totals);
  for (const double total : totals)
    figures.mean += total / static_cast<double>(totals.size());
  double squares = 0;
  for (const double total : totals)
    squares += (total - figures.mean) * (total - figures.mean);
  figures.deviation_of_mean =
      std::sqrt(squares / static_cast<double>(totals.size() * totals.size()));
  return figures;
}

TEST(JudgeRound, GivesTheCleanMeanWhileHalfOfTheCallsFail) {  // F36
  JudgeStub clean(honest);
  const Figures wanted = score_all(*read(spec_for(clean)));
  ASSERT_EQ(wanted.scores, kGroups * kAnswers);
  for (const int fault : {429, 500, 0}) {
    JudgeStub stub([fault](const StubAsk& ask) {
      if (ask.number * 2654435761u >> 7 & 1)
        return fault == 0 ? StubReply{.hang = true} : StubReply{fault, "{}"};
      return honest(ask);
    });
    const Figures figures = score_all(*read(spec_for(stub)));
    EXPECT_EQ(figures.failed, 0) << fault;
    EXPECT_EQ(figures.differ, 0) << "none is filled with 0";
    EXPECT_LE(std::abs(figures.mean - wanted.mean), wanted.deviation_of_mean) << fault;
    std::printf("fault %3d: mean %.6f against %.6f (sigma %.4f), %ld calls, %ld lost\n", fault,
                figures.mean, wanted.mean, wanted.deviation_of_mean,
                static_cast<long>(stub.calls()), static_cast<long>(figures.failed));
  }
}

TEST(JudgeRound, GivesTheCleanMeanWhileHalfOfTheRepliesAreMalformed) {  // F38
  JudgeStub clean(honest);
  const Figures wanted = score_all(*read(spec_for(clean)));
  JudgeStub stub([](const StubAsk& ask) {
    StubAsk other = ask;
    other.nonce[0] = other.nonce[0] == '0' ? '1' : '0';
    const uint32_t number = ask.number * 2654435761U >> 7;
    const std::vector<StubReply> bad = {says("The criterion is met."),
                                        says("{\"met\": true}"),
                                        verdict(other, true),
                                        says(R"({"nonce": ")" + ask.nonce + R"(", "met": NaN})"),
                                        {200, std::string(1 << 20, 'x')}};
    return (number & 1) != 0 ? bad[(number >> 1) % bad.size()] : honest(ask);
  });
  const Figures figures = score_all(*read(spec_for(stub)));
  EXPECT_EQ(figures.scores, kGroups * kAnswers) << "none is lost";
  EXPECT_EQ(figures.differ, 0) << "none is filled with 0";
  EXPECT_LE(std::abs(figures.mean - wanted.mean), wanted.deviation_of_mean);
  EXPECT_GT(stub.calls(), clean.calls() * 3 / 2);
}

TEST(JudgeRound, WaitsForAJudgeThatIsDownAndLosesNothing) {  // F37
  JudgeStub stub(honest);
  const auto spec = read(spec_for(stub));
  stub.stop();
  std::thread back([&stub] {
    std::this_thread::sleep_for(std::chrono::seconds(outage_seconds()));
    stub.start_again();
  });
  const Figures figures = score_all(*spec);
  back.join();
  EXPECT_EQ(figures.failed, 0);
  EXPECT_EQ(figures.differ, 0);
  EXPECT_EQ(figures.scores, kGroups * kAnswers);
}

TEST(JudgeRound, MakesNoScoreOfAMalformedReply) {  // F38
  const std::vector<JudgeStub::Mind> faults = {
      [](const StubAsk&) { return says("The criterion is met."); },
      [](const StubAsk&) { return says("{\"met\": true}"); },
      [](const StubAsk& ask) { return says(R"({"nonce": ")" + ask.nonce + R"(", "met": NaN})"); },
      [](const StubAsk& ask) { return says(R"({"nonce": ")" + ask.nonce + R"(", "met": 1e308})"); },
      [](const StubAsk&) {
        return StubReply{200, std::string(10 << 20, 'x')};
      },
      [](const StubAsk& ask) {
        StubAsk other = ask;
        other.nonce[0] = other.nonce[0] == '0' ? '1' : '0';
        return verdict(other, true);
      }};
  for (size_t i = 0; i < faults.size(); ++i) {
    JudgeStub stub(faults[i]);
    std::string yaml = spec_for(stub);
    yaml.replace(yaml.find("timeout_seconds: 0.1"), 20, "timeout_seconds: 30 ");
    yaml.replace(yaml.find("retries: 12"), 11, "retries: 1 ");
    yaml.replace(yaml.find("limit_seconds: 20"), 17, "limit_seconds: 600");
    for (const Outcome& outcome : read(yaml)->score(group(1))) {
      EXPECT_EQ(outcome.kind, Outcome::Kind::kInfraError) << "fault " << i;
      EXPECT_TRUE(outcome.reason.starts_with("judge grader: ")) << outcome.reason;
      EXPECT_EQ(outcome.components.size(), 0u);
    }
  }
}

TEST(JudgeRound, MakesATimeoutOfAJudgeThatIsTooSlow) {
  JudgeStub stub([](const StubAsk&) { return StubReply{.hang = true}; });
  std::string yaml = spec_for(stub);
  yaml.replace(yaml.find("limit_seconds: 20"), 17, "limit_seconds: 0.3");
  for (const Outcome& outcome : read(yaml)->score(group(1)))
    EXPECT_NE(outcome.kind, Outcome::Kind::kScore) << outcome.reason;
}

TEST(JudgeRound, LosesOnlyTheAnswerWhoseQuestionFails) {
  JudgeStub stub([](const StubAsk& ask) {
    return ask.answer.find("Number 11") == 0 ? says("prose") : honest(ask);
  });
  const auto outcomes = read(spec_for(stub))->score(group(1));
  for (size_t i = 0; i < outcomes.size(); ++i)
    EXPECT_EQ(outcomes[i].kind == Outcome::Kind::kScore, i != 3) << outcomes[i].reason;
}

TEST(JudgeRound, ShowsAShareToTheJudgeHeldOutWhichTrainsNothing) {
  JudgeStub stub(honest);
  JudgeStub second(
      [](const StubAsk& ask) { return verdict(ask, ask.criterion == "It says cheese"); });
  const auto spec =
      read(spec_for(stub, "  second: {url: '" + second.url() +
                              "', model: n}\nholdout: {judge: second, share: 0.5, seed: 3}\n"));
  const Figures figures = score_all(*spec);
  EXPECT_EQ(figures.differ, 0) << "the judge held out changes nothing";
  const JudgeNews news = spec->judge_news();
  EXPECT_NEAR(news.metrics.at("judge/holdout/samples"), 32, 12);
  EXPECT_GT(news.metrics.at("judge/holdout/gap"), 0.2) << "it sees faults alone, -4 / 8";
  EXPECT_TRUE(news.pause.has_value());
  EXPECT_GT(news.metrics.at("judge/second/calls"), 0);
}

TEST(JudgeRound, AsksAgainWhatFailedAndNothingElse) {
  int64_t asked = 0;
  JudgePanel panel({named("grader", [&asked](const JudgeQuestion& question) {
    ++asked;
    return asked == 2 ? JudgeReply::failure("once") : by_last_word(question);
  })});
  const Group one = group(0);
  JudgeRound round(panel, one);
  round.add(0, {{"grader", "", "It says red", "red", JudgeForm::kMet},
                {"grader", "", "It says red", "blue", JudgeForm::kMet}});
  round.add(5, {{"grader", "", "It says red", "red", JudgeForm::kMet}});
  round.run(10, 3, [] { return 0.0; });
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(round.replies(0).size(), 2u);
  EXPECT_FALSE(round.failure(0).has_value());
  EXPECT_EQ(round.replies(0)[1].value, 0);
  EXPECT_TRUE(round.replies(1).empty());
}

}  // namespace
}  // namespace nelumbo

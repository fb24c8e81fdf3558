// SPDX-License-Identifier: Apache-2.0
#include "reward/answer_line.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace nelumbo {
namespace {

using nlohmann::json;

std::shared_ptr<const RewardSpec> spec_of(const std::string& yaml) {
  auto spec = RewardSpec::parse(yaml, "s.yaml");
  NELUMBO_CHECK(spec.ok()) << spec.error().message;
  return spec.value();
}

constexpr const char* kOne = R"(specs:
  sums:
    gate: [{name: two_answers, when: {answers: 2}, value: -0.5}]
    layers:
      rule: {weight: 3, terms: [{kind: format, answer: number}, {kind: number, truth: sum}]}
      rubric: {criteria: [{criterion: short, matcher: {turns: 1}}]}
)";

json scored(const RewardSpec& spec, const std::string& line) {
  const auto group = group_of_line(json::parse(line), spec, {"a.jsonl", 3});
  if (!group)
    return group.error().message;
  return scored_line(*group.value().prompt, spec.score(group.value()).front());
}

TEST(AnswerLine, ScoresAnAnswerToARow) {
  const auto spec = spec_of(kOne);
  const json got = scored(*spec, R"({"row": {"question": "1+1", "sum": 2}, "answer": "2"})");
  EXPECT_EQ(got["outcome"], "score");
  EXPECT_EQ(got["spec"], "sums");
  EXPECT_EQ(got["total"], 1);
  EXPECT_EQ(got["gate"], "pass");
  EXPECT_EQ(got["components"]["rule/number"]["value"], 1);
  EXPECT_EQ(got["components"]["rule/number"]["weight"], 0.75);
  EXPECT_EQ(scored(*spec, R"({"row": {"sum": 2}, "answer": "3"})")["total"], 0.25);
}

TEST(AnswerLine, NamesTheGateThatWasHit) {
  const json got = scored(*spec_of(kOne),
                          R"({"row": {"sum": 2}, "text": "<answer>2</answer><answer>3</answer>"})");
  EXPECT_EQ(got["gate"], "two_answers");
  EXPECT_EQ(got["total"], -0.5);
}

TEST(AnswerLine, SaysWhyAnAnswerIsNoScore) {
  const json got =
      scored(*spec_of(kOne), R"({"row": {"sum": 2}, "text": "hm", "finish": "turns"})");
  EXPECT_EQ(
      got,
      json({{"outcome", "invalid"}, {"spec", "sums"}, {"reason", "no answer within the turns"}}));
}

TEST(AnswerLine, NamesPlaceAndFixOfALineItCannotRead) {
  const auto spec = spec_of(kOne);
  const auto message = [&](const std::string& line) {
    const json got = scored(*spec, line);
    return got.is_string() ? got.get<std::string>() : got.dump();
  };
  EXPECT_EQ(message(R"([1])").substr(0, 27), "a.jsonl:3: must be an objec");
  EXPECT_NE(message(R"({"row": {"sum": 2}, "anwser": "2"})").find("did you mean 'answer'?"),
            std::string::npos);
  EXPECT_NE(message(R"({"row": {"sum": 2}})").find("'answer' is missing"), std::string::npos);
  EXPECT_NE(message(R"({"row": {"sum": 2}, "answer": 2})").find("'answer' must be text"),
            std::string::npos);
  EXPECT_NE(message(R"({"row": {"sum": 2}, "answer": "2", "text": "2"})").find("leave one out"),
            std::string::npos);
  EXPECT_NE(message(R"({"row": 2, "answer": "2"})").find("'row' must be an object"),
            std::string::npos);
  EXPECT_NE(message(R"({"row": {"sun": 2}, "answer": "2"})").find("did you mean 'sun'?"),
            std::string::npos);
  EXPECT_NE(
      message(R"({"row": {"sum": 2}, "answer": "2", "spec": "sum"})").find("did you mean 'sums'?"),
      std::string::npos);
  EXPECT_NE(message(R"({"row": {"sum": 2, "view": 1}, "answer": "2"})").find("'view'"),
            std::string::npos);
  EXPECT_NE(message(R"({"row": {"sum": 2}, "answer": "2", "finish": "x"})").find("'finish'"),
            std::string::npos);
}

TEST(AnswerLine, AsksWhichOfSeveralSpecsIsMeant) {
  const auto spec = spec_of(R"(specs:
  a: &a {layers: {rule: {terms: [{kind: exact, truth: answer}]}}}
  b: *a
)");
  const json got = scored(*spec, R"({"row": {"answer": "x"}, "answer": "x"})");
  EXPECT_EQ(got, "a.jsonl:3: 'spec' is missing: the specification holds several, a, b");
  EXPECT_EQ(scored(*spec, R"({"row": {"answer": "x"}, "answer": "x", "spec": "b"})")["spec"], "b");
}

}  // namespace
}  // namespace nelumbo

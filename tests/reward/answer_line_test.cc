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
  return scored_line(*group.value().prompt, spec.score(group.value()).front(), spec.hash());
}

TEST(AnswerLine, ScoresAnAnswerToARow) {
  const auto spec = spec_of(kOne);
  const json got = scored(*spec, R"({"row": {"question": "1+1", "sum": 2}, "answer": "2"})");
  EXPECT_EQ(got["outcome"], "score");
  EXPECT_EQ(got["spec"], "sums");
  EXPECT_EQ(got["spec_hash"], spec->hash());
  EXPECT_EQ(got["total"], 1);
  EXPECT_EQ(got["gate"], "pass");
  EXPECT_EQ(got["components"]["rule/number"]["value"], 1);
  EXPECT_EQ(got["components"]["rule/number"]["weight"], 0.75);
  EXPECT_EQ(scored(*spec, R"({"row": {"sum": 2}, "answer": "3"})")["total"], 0.25);
}

TEST(AnswerLine, SaysWhatEachComponentTookWhereThatIsWanted) {
  Outcome outcome;
  outcome.components = {{"number", "rule", 1, 1, "", 820}, {"short", "rubric", 1, 1, "", 70}};
  json line = scored_line({}, outcome, "");
  EXPECT_FALSE(line["components"]["rule/number"].contains("nanoseconds"));
  add_times(outcome, &line);
  EXPECT_EQ(line["components"]["rule/number"]["nanoseconds"], 820);
  EXPECT_EQ(line["components"]["rubric/short"]["nanoseconds"], 70);
  outcome.kind = Outcome::Kind::kTimeout;
  const json none = scored_line({}, outcome, "");
  json same = none;
  add_times(outcome, &same);
  EXPECT_EQ(same, none);
}

TEST(AnswerLine, NamesTheGateThatWasHit) {
  const json got = scored(*spec_of(kOne),
                          R"({"row": {"sum": 2}, "text": "<answer>2</answer><answer>3</answer>"})");
  EXPECT_EQ(got["gate"], "two_answers");
  EXPECT_EQ(got["total"], -0.5);
}

TEST(AnswerLine, SaysWhyAnAnswerIsNoScore) {
  const auto spec = spec_of(kOne);
  const json got = scored(*spec, R"({"row": {"sum": 2}, "text": "hm", "finish": "turns"})");
  EXPECT_EQ(got, json({{"outcome", "invalid"},
                       {"spec", "sums"},
                       {"spec_hash", spec->hash()},
                       {"reason", "no answer within the turns"}}));
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
  EXPECT_EQ(message(R"({"row": {"sum": 2, "view": [0, 0, 0, 9]}, "answer": "2"})"),
            "a.jsonl:3: row: 'view' must have x0 < x1 and y0 < y1");
  EXPECT_NE(message(R"({"row": {"sum": 2}, "answer": "2", "finish": "x"})").find("'finish'"),
            std::string::npos);
}

constexpr const char* kBoxes = R"(specs:
  locate: {layers: {rule: {terms: [{kind: boxes_f1, truth: boxes}]}}}
  count:
    layers:
      rule: {terms: [{kind: count, truth: answer}]}
      rubric: {criteria: [{criterion: zooms, matcher: {used_tool: zoom}}]}
)";

TEST(AnswerLine, TakesBoxesInPixels) {
  const auto spec = spec_of(kBoxes);
  const std::string row = R"("spec": "locate", "row": {"boxes": [[96, 96, 256, 256]]})";
  EXPECT_EQ(scored(*spec, "{" + row + R"(, "box": [100, 100, 260, 260]})")["total"], 1);
  EXPECT_EQ(scored(*spec, "{" + row + R"(, "box": [400, 100, 500, 260]})")["total"], 0);
  EXPECT_EQ(
      scored(*spec, "{" + row + R"(, "boxes": [[100, 100, 260, 260], [9, 9, 50, 50]]})")["total"],
      2.0 / 3);
  EXPECT_EQ(scored(*spec, "{" + row + R"(, "boxes": []})")["total"], 0);
  const auto message = [&](const std::string& more) {
    return scored(*spec, "{" + row + more + "}").get<std::string>();
  };
  EXPECT_EQ(message(R"(, "box": [1, 2, 3])"),
            "a.jsonl:3: 'box' must be a box [x0, y0, x1, y1] in pixels");
  EXPECT_EQ(message(R"(, "boxes": [1, 2, 3, 4])"),
            "a.jsonl:3: 'boxes' must be a list of boxes [x0, y0, x1, y1] in pixels");
  EXPECT_EQ(message(R"(, "box": [5, 2, 5, 9])"), "a.jsonl:3: 'box' must have x0 < x1 and y0 < y1");
  EXPECT_EQ(message(R"(, "box": [700, 2, 750, 9])"),
            "a.jsonl:3: 'box' lies outside the picture; give its 'view' in the row");
  EXPECT_EQ(message(R"(, "box": [5, 2, 6, 9], "answer": "x")"),
            "a.jsonl:3: has both 'answer' and 'box'; leave one out");
}

TEST(AnswerLine, TakesToolCalls) {
  const auto spec = spec_of(kBoxes);
  const std::string line = R"({"spec": "count", "row": {"answer": "2"}, "answer": "2", "calls": )";
  EXPECT_EQ(scored(*spec, line + R"([{"zoom": [0, 0, 80, 80]}]})")["rubric"], 1);
  EXPECT_EQ(scored(*spec, line + R"([{"locate": [0, 0, 80, 80]}]})")["rubric"], 0);
  for (const char* calls :
       {"1", "[1]", R"([{"zoom": 1}])", R"([{"zom": [0, 0, 80, 80]}])",
        R"([{"zoom": [9, 9, 1, 1]}])", R"([{"zoom": [0, 0, 80, 80], "locate": [0, 0, 80, 80]}])"})
    EXPECT_NE(scored(*spec, line + calls + "}").dump().find("'calls' must be a list like"),
              std::string::npos)
        << calls;
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

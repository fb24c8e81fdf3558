// SPDX-License-Identifier: Apache-2.0
#include "reward/thought_checks.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

/// The faults of what a check finds, each with the line's number.
std::string faults(const std::string& yaml, const Prompt& prompt, const std::string& text) {
  const auto layer = ProcessLayer::read(node_of("checks: [" + yaml + "]"));
  EXPECT_TRUE(layer.ok()) << layer.error().message;
  const Trajectory said = candidate(prompt, text);
  const auto verdict = layer.value().judge({prompt, said});
  EXPECT_TRUE(verdict.ok());
  std::string all;
  for (const StepFactor& step : verdict.value().steps)
    for (size_t i = 0; i < said.thoughts.size(); ++i)
      if (said.thoughts[i].first_token == step.first_token)
        all += std::to_string(i) + " " + step.reason + "\n";
  return all;
}

TEST(ThoughtChecks, ALineHasAQuotationOfWhatWasReadOrASeenBox) {
  Prompt prompt = prompt_with(
      {{"abstract", {"Potassium was 3.9 mmol/L in all."}}, {"boxes", {{100, 100, 260, 260}}}});
  const std::string check = "{kind: evidence, sources: abstract, boxes: boxes}";
  EXPECT_EQ(faults(check, prompt,
                   "<recall>normal: \"potassium was 3.9\"\nasked: \"how many\"\n"
                   "cell<g8><g8><g16><g16></recall>"),
            "");
  EXPECT_EQ(faults(check, prompt,
                   "<recall>high: \"potassium was 9.3\"\ncell<g20><g20><g3><g3>\nit is "
                   "normal</recall>"),
            "0 evidence: 'high: \"potassium was 9.3\"' has no box and no quotation\n"
            "1 evidence: 'cell<g20><g20><g3><g3>' has no box and no quotation\n"
            "2 evidence: 'it is normal' has no box and no quotation\n");
  EXPECT_EQ(faults("{kind: evidence}", prompt, "<recall>cell<g20><g20><g3><g3></recall>"), "");
}

TEST(ThoughtChecks, WhatIsConcludedStandsInALine) {
  const Prompt prompt = prompt_with({});
  const std::string check = "{kind: conclusion}";
  const std::string lines = "<recall>CNGB3 | band | 8q21\n8q21 | band of | PEX2</recall>";
  EXPECT_EQ(faults(check, prompt, lines + "<answer>PEX2</answer>"), "");
  EXPECT_EQ(faults(check, prompt, lines + "<answer>8q21, PEX2</answer>"), "");
  EXPECT_EQ(faults(check, prompt, lines + "<answer>PEX2 and PEX26</answer>"),
            "1 conclusion: 'pex26' is concluded from no line\n");
  EXPECT_EQ(faults(check, prompt, lines + "<answer>PEX</answer>"),
            "1 conclusion: 'pex' is concluded from no line\n");
  EXPECT_EQ(faults(check, prompt, lines), "");
  EXPECT_EQ(faults(check, prompt, "Half of 48 is 24. So it is 72.<answer>72</answer>"), "");
}

TEST(ThoughtChecks, WhatALetterStandsForStandsInALine) {
  const Prompt prompt = prompt_with({{"choices", {"PEX2", "RP1"}}});
  const std::string lines = "<recall>CNGB3 | band | 8q21\n8q21 | band of | PEX2</recall>";
  EXPECT_EQ(faults("{kind: conclusion}", prompt, lines + "<answer>A</answer>"), "");
  EXPECT_EQ(faults("{kind: conclusion}", prompt, lines + "<answer>B</answer>"),
            "1 conclusion: 'b' is concluded from no line\n");
}

TEST(ThoughtChecks, ThePartsOfAThoughtStandInOrder) {
  const Prompt prompt = prompt_with({});
  const auto found = [&](const std::string& text) { return faults("{kind: parts}", prompt, text); };
  const std::string understand = "<understand> a: band</understand>",
                    recall = "<recall>a | band | b\nb | band of | c</recall>",
                    reason = "<reason> a -> b -> c</reason>", conclude = "<conclude> c</conclude>",
                    answer = "<answer>c</answer>";
  EXPECT_EQ(found(understand + recall + reason + conclude + answer), "");
  EXPECT_EQ(found(recall + conclude + answer), "") << "left out, and in order";
  EXPECT_EQ(found(understand + recall + reason + conclude + answer + answer), "");
  EXPECT_EQ(found(understand + reason + recall + conclude + answer),
            "0 parts: recall stands behind reason\n1 parts: recall stands behind reason\n");
  EXPECT_EQ(found(conclude + understand + recall + reason + answer),
            "0 parts: understand stands behind conclude\n"
            "1 parts: understand stands behind conclude\n");
  EXPECT_EQ(found(understand + recall + answer + reason + conclude),
            "0 parts: reason stands behind answer\n1 parts: reason stands behind answer\n");
  EXPECT_EQ(found(understand + understand + recall + reason + conclude),
            "0 parts: understand stands there twice\n1 parts: understand stands there twice\n");
  EXPECT_EQ(found("First this. Then that." + answer), "") << "an open model's sentences";
}

TEST(ThoughtChecks, NameTheFieldsThatTheyNeed) {
  const auto layer =
      ProcessLayer::read(node_of("checks: [{kind: evidence, sources: passages, boxes: cells}]"));
  ASSERT_TRUE(layer.ok());
  std::string names;
  for (const TruthField& field : layer.value().needs())
    names += field.name + " ";
  EXPECT_EQ(names, "passages cells ");
}

}  // namespace
}  // namespace nelumbo

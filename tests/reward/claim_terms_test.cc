// SPDX-License-Identifier: Apache-2.0
#include "reward/claim_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(ClaimTerms, ScoreAReportInTheViewThatWasShown) {
  Prompt prompt = prompt_with({{"white", {{100, 100, 260, 260}}}, {"platelets", 1}});
  const std::string report = "white 1<g8><g8><g16><g16>, platelet 1";
  EXPECT_DOUBLE_EQ(value_of("{kind: claims}", prompt, report), 1);
  // Two of three claims hold and one does not: (2 - 1) / 3.
  EXPECT_DOUBLE_EQ(value_of("{kind: claims}", prompt, "white 1<g8><g8><g16><g16>, platelet 0"),
                   1.0 / 3);
  EXPECT_DOUBLE_EQ(value_of("{kind: claims}", prompt, "one white cell"), 0);
  prompt.orientation = {true, 0};
  EXPECT_LT(value_of("{kind: claims}", prompt, report), 0.5);
}

TEST(ClaimTerms, WeighPlacesBesideNumbers) {
  const Prompt prompt = prompt_with({{"white", {{100, 100, 260, 260}}}, {"platelets", 1}});
  const std::string misplaced = "white 1<g20><g20><g4><g4>, platelet 1";
  // Numbers 2 right; the place wrong and missing, with a weight of 3: max(0, 2 - 3) / (2 + 3).
  EXPECT_DOUBLE_EQ(value_of("{kind: claims, place_weight: 3}", prompt, misplaced), 0);
  // With 0.5: (2 - 0.5) / 2.5.
  EXPECT_DOUBLE_EQ(value_of("{kind: claims, place_weight: 0.5}", prompt, misplaced), 0.6);
}

TEST(ClaimTerms, LetTheTaskBeLearntBeforeFaithfulness) {
  const Prompt prompt = prompt_with({{"white", {{100, 100, 260, 260}}}, {"platelets", 1}});
  const std::string sigmoid = "{kind: claims, penalty: sigmoid}";
  const std::string report = "white 1<g8><g8><g16><g16>, platelet ";
  EXPECT_DOUBLE_EQ(value_of(sigmoid, prompt, report + "1"), 1);
  // R = 2/3, a third of the claims is false: L = 1 / (1 + exp(55/6)) = 1.044532e-4.
  EXPECT_NEAR(value_of(sigmoid, prompt, report + "0"), 2.0 / 3 - 1.044532e-4 / 3, 1e-8);
  // All of the task (R = 1) and one place too many, a quarter of the claims: L(1) = 0.9994472.
  EXPECT_NEAR(value_of(sigmoid, prompt, "white 1<g8><g8><g16><g16><g20><g20><g4><g4>, platelet 1"),
              1 - 0.9994472 / 4, 1e-7);
  EXPECT_DOUBLE_EQ(value_of(sigmoid, prompt, "one white cell"), 0);
}

TEST(ClaimTerms, NeedWhiteCellsAndPlatelets) {
  TermHeader header;
  const auto term = read_claims(node_of("{kind: claims}"), header);
  std::string names;
  for (const TruthField& field : term.value()->needs())
    names += field.name + " at " + field.place + "; ";
  EXPECT_EQ(names, "white at s.yaml:1:8: kind; platelets at s.yaml:1:8: kind; ");
}

TEST(ClaimTerms, WantWholeNumbersOfPlatelets) {
  TermHeader header;
  const auto term = read_claims(node_of("{kind: claims}"), header);
  EXPECT_TRUE(
      term.value()->fits(prompt_with({{"white", nlohmann::json::array()}, {"platelets", 0}})).ok());
  for (const double count : {-2.0, 1.5})
    EXPECT_NE(term.value()
                  ->fits(prompt_with({{"white", nlohmann::json::array()}, {"platelets", count}}))
                  .error()
                  .message.find("is no count"),
              std::string::npos);
}

TEST(ClaimTerms, SeeThroughLookalikes) {
  const Prompt prompt = prompt_with({{"constraints", {"not red"}}});
  for (const char* answer : {"r\u0435d", "\uff52\uff45\uff44", "blood red."})
    EXPECT_DOUBLE_EQ(value_of("{kind: constraints}", prompt, answer), 0) << answer;
}

TEST(ClaimTerms, ShareOfTheRulesThatAreKept) {
  const Prompt prompt = prompt_with({{"constraints", {"first red", "words 3", "commas"}}});
  EXPECT_DOUBLE_EQ(value_of("{kind: constraints}", prompt, "red, cell, white"), 1);
  const Verdict verdict =
      judged("{kind: constraints}", prompt, answer_candidate(prompt, "red cells"));
  EXPECT_DOUBLE_EQ(verdict.value, 1.0 / 3);
  EXPECT_EQ(verdict.evidence, "breaks words 3, commas");
}

TEST(ClaimTerms, AskForAllRules) {
  const Prompt prompt = prompt_with({{"constraints", {"first red", "words 3"}}});
  const std::string yaml = "{kind: constraints, all: true}";
  EXPECT_EQ(value_of(yaml, prompt, "red cell white"), 1);
  EXPECT_EQ(value_of(yaml, prompt, "red cell"), 0);
}

TEST(ClaimTerms, ApplyWhereThereAreRules) {
  TermHeader header;
  const auto term = read_constraints(node_of("{kind: constraints, truth: rules}"), header);
  EXPECT_TRUE(term.value()->applies(prompt_with({{"rules", {"upper"}}})));
  EXPECT_FALSE(term.value()->applies(prompt_with({{"rules", nlohmann::json::array()}})));
  const Prompt strange = prompt_with({{"rules", {"be brief"}}});
  const auto verdict = term.value()->judge({strange, answer_candidate(strange, "red")});
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo

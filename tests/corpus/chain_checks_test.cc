// SPDX-License-Identifier: Apache-2.0
#include "corpus/chain_checks.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "corpus/grid.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

using Faults = std::vector<ChainFault>;

Faults faults(const std::string& text, const ChainEvidence& evidence,
              const std::optional<std::string>& answer = std::nullopt) {
  Faults found;
  for (const ChainComplaint& complaint : check_chain(text, evidence, answer))
    found.push_back(complaint.fault);
  return found;
}

Faults gold_faults(const ReasoningChain& chain, const std::string& answer = "early betosis") {
  return faults(chain.text(), evidence_of(small_item()), answer);
}

TEST(ChainChecks, LetTheGoldChainThrough) {
  EXPECT_EQ(gold_faults(chain_of(small_item())), Faults{});
}

TEST(ChainChecks, FindPeekingInEachPart) {
  ReasoningChain chain = chain_of(small_item());
  chain.understand += ", early betosis";
  EXPECT_EQ(gold_faults(chain), Faults{ChainFault::kPeeking});
  chain = chain_of(small_item());
  std::swap(chain.recall[0], chain.recall[3]);
  EXPECT_EQ(gold_faults(chain), (Faults{ChainFault::kPeeking, ChainFault::kOrder}));
  chain = chain_of(small_item());
  chain.reason.insert(chain.reason.begin(), "Early  Betosis");
  EXPECT_EQ(gold_faults(chain), (Faults{ChainFault::kPeeking, ChainFault::kOrder}));
}

TEST(ChainChecks, FindAnAnswerBeforeTheConclusion) {
  const std::string chain = chain_of(small_item()).text();
  const ChainEvidence evidence = evidence_of(small_item());
  EXPECT_EQ(faults("<answer> early betosis</answer>" + chain, evidence),
            Faults{ChainFault::kPeeking});
  EXPECT_EQ(faults("Hm. " + chain, evidence), Faults{ChainFault::kForm});
  EXPECT_EQ(faults(chain + "<answer> early betosis</answer>", evidence), Faults{});
}

TEST(ChainChecks, FindAFactThatIsNone) {
  ReasoningChain chain = chain_of(small_item());
  chain.recall[1] = "AAA1 | band | 9q99";
  EXPECT_EQ(gold_faults(chain),
            (Faults{ChainFault::kUnsupported, ChainFault::kUnfaithful, ChainFault::kOrder}));
}

TEST(ChainChecks, FindAConclusionThatDoesNotFollow) {
  ReasoningChain chain = chain_of(small_item());
  chain.conclude = "late betosis";
  EXPECT_EQ(gold_faults(chain, "late betosis"), Faults{ChainFault::kUnfaithful});
  EXPECT_EQ(gold_faults(chain_of(small_item()), "late betosis"), Faults{ChainFault::kUnfaithful});
}

TEST(ChainChecks, FindAMissingStep) {
  ReasoningChain chain = chain_of(small_item());
  chain.recall.erase(chain.recall.begin() + 1);
  EXPECT_EQ(gold_faults(chain), (Faults{ChainFault::kUnfaithful, ChainFault::kOrder}));
  chain = chain_of(small_item());
  chain.reason.erase(chain.reason.begin() + 2);
  EXPECT_EQ(gold_faults(chain), (Faults{ChainFault::kUnfaithful, ChainFault::kOrder}));
}

TEST(ChainChecks, SayWhatIsAmissInTheReasoning) {
  ReasoningChain chain = chain_of(small_item());
  chain.reason = {"pale skin alphosis, AAA1, 1p11, BBB1", "early betosis"};
  const auto complaints = check_chain(chain.text(), evidence_of(small_item()), std::nullopt);
  ASSERT_FALSE(complaints.empty());
  EXPECT_EQ(complaints.back().reason,
            "the reasoning names 2 of 5 entities, with '->' between them");
}

TEST(ChainChecks, FindReasoningThatLeavesWhatIsRecalled) {
  const auto found = [](const char* recall, const char* reason) {
    const std::string text = "<understand> CNGB3: band</understand><recall> " +
                             std::string(recall) + "</recall><reason> " + reason +
                             "</reason><conclude> PEX2</conclude>";
    return std::ranges::count(faults(text, {}), ChainFault::kUnfaithful) > 0;
  };
  const char* facts = "CNGB3 | band | 8q21\n 8q21 | band of | PEX2";
  EXPECT_FALSE(found(facts, "CNGB3 -> 8q21 -> PEX2"));
  EXPECT_TRUE(found(facts, "CNGB3 -> 1p13 -> PEX2"));
  EXPECT_TRUE(found(facts, "CNGB3 -> PEX2"));
  EXPECT_TRUE(found("CNGB3 | band | 8q21\n 8q21 | band of | RP1", "CNGB3 -> 8q21 -> PEX2"));
  EXPECT_FALSE(found("8q21 | band of | RP1\n 8q21 | band of | PEX2", "CNGB3 -> 8q21 -> PEX2"));
  EXPECT_FALSE(found("8q21 | band of | PEX2", "CNGB3 -> 8q21 -> PEX2")) << "one is left out";
  EXPECT_TRUE(found("CNGB3 | band | 8q21", "CNGB3 -> 8q21 -> PEX2")) << "that it comes to";
  for (const char* reason :
       {"FOO -> PEX2", "FOO -> BAR -> PEX2", "-> PEX2", "RP1 -> GNAT2 -> PEX2"})
    EXPECT_TRUE(found(facts, reason)) << reason;
}

TEST(ChainChecks, FindAMissingPart) {
  EXPECT_EQ(faults("<conclude>early betosis</conclude>", evidence_of(small_item())),
            Faults{ChainFault::kForm});
}

ReasoningChain quoting(const std::string& line) {
  ReasoningChain chain;
  chain.understand = "who is ill";
  chain.recall = {line};
  chain.reason = {"the boy"};
  chain.conclude = "the boy";
  return chain;
}

TEST(ChainChecks, AQuotationMustStandInASource) {
  ChainEvidence evidence;
  evidence.question = "Who is ill?";
  evidence.sources = {"A boy of four has had fever for  three days."};
  EXPECT_EQ(faults(quoting("it says \"fever for three days\"").text(), evidence), Faults{});
  for (const char* line : {"it says \"fever for two days\"", "it says fever",
                           "\"fever\" and \"cold\"", "it says \"fever", "it says \"\""})
    EXPECT_EQ(faults(quoting(line).text(), evidence), Faults{ChainFault::kUnsupported}) << line;
}

TEST(ChainChecks, ABoxMustLieOnSomething) {
  ChainEvidence evidence;
  const GridBox cell{{11, 11, 13, 13}}, other{{2, 2, 13, 13}};
  EXPECT_EQ(faults(quoting("white" + grid_text(cell)).text(), evidence), Faults{});
  evidence.boxes = {box_from_grid(cell)};
  EXPECT_EQ(faults(quoting("white" + grid_text(cell)).text(), evidence), Faults{});
  EXPECT_EQ(faults(quoting("white" + grid_text(other)).text(), evidence),
            Faults{ChainFault::kUnsupported});
  EXPECT_EQ(faults(quoting("white<g3><g4>").text(), evidence), Faults{ChainFault::kUnsupported});
}

TEST(ChainChecks, NoObservationCountsTwice) {
  ChainEvidence evidence;
  ReasoningChain chain = quoting("white" + grid_text({{11, 11, 13, 13}}));
  chain.recall.push_back(chain.recall.front());
  EXPECT_EQ(faults(chain.text(), evidence), Faults{ChainFault::kOrder});
}

}  // namespace
}  // namespace nelumbo

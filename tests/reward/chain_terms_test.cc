// SPDX-License-Identifier: Apache-2.0
#include "reward/chain_terms.h"

#include <gtest/gtest.h>

#include "reward/matchers.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

const nlohmann::json kTruth = {{"answer", "PEX2"},
                               {"choices", {"RP1", "PEX2"}},
                               {"path", {"CNGB3 | band | 8q21", "8q21 | band of | PEX2"}}};

Prompt asked() {
  Prompt prompt = prompt_with(kTruth);
  prompt.text = "Start at CNGB3. What is it?\nA) RP1\nB) PEX2";
  return prompt;
}

/// A chain by its parts; the last is the answer.
std::string chain(const std::string& understand, const std::string& recall,
                  const std::string& reason, const std::string& conclude,
                  const std::string& answer) {
  return "<understand>" + understand + "</understand><recall>" + recall + "</recall><reason>" +
         reason + "</reason><conclude>" + conclude + "</conclude><answer>" + answer + "</answer>";
}

const std::string kLines = "CNGB3 | band | 8q21\n8q21 | band of | PEX2";
const std::string kReason = "CNGB3 -> 8q21 -> PEX2";

/// What a matcher finds wrong, or "no fault".
std::string found(const std::string& yaml, const std::string& text) {
  const auto matcher = read_matcher(node_of(yaml));
  if (!matcher)
    return matcher.error().message;
  const Prompt prompt = asked();
  const auto verdict = matcher.value()->judge({prompt, candidate(prompt, text)});
  if (!verdict)
    return verdict.error().message;
  EXPECT_EQ(verdict.value().value, verdict.value().evidence == "no fault" ? 1 : 0);
  return verdict.value().evidence;
}

const std::string kAll = "{chain: [form, peeking, unsupported, unfaithful, order], path: path}";

TEST(ChainTerms, TakeASoundChain) {
  EXPECT_EQ(found(kAll, chain("CNGB3: band", kLines, kReason, "PEX2", " PEX2")), "no fault");
  EXPECT_EQ(found(kAll, chain("CNGB3: band", kLines, kReason, "PEX2", " pex2.")), "no fault");
}

TEST(ChainTerms, LookForTheListedFaultsAlone) {
  const std::string peeks = chain("PEX2", kLines, kReason, "PEX2", "PEX2");
  EXPECT_EQ(found("{chain: [peeking], path: path}", peeks), "peeking: understand names the answer");
  EXPECT_EQ(found("{chain: [order, unfaithful], path: path}", peeks), "no fault");
  const std::string strays =
      chain("CNGB3: band", "CNGB3 | band | 1p13", "CNGB3 -> PEX2", "PEX2", "PEX2");
  EXPECT_EQ(found("{chain: [order], path: path}", strays),
            "order: there are 1 facts on a path of 2");
  EXPECT_EQ(found("{chain: [peeking], path: path}", strays), "no fault");
  EXPECT_EQ(found("{chain: [unfaithful]}", strays),
            "unfaithful: no fact that is recalled leads from 'CNGB3' to 'PEX2'");
  EXPECT_EQ(found("{chain: [unfaithful]}", chain("a", "b", "c -> PEX2", "PEX2", "RP1")),
            "unfaithful: the answer is 'RP1', the conclusion 'PEX2'");
}

TEST(ChainTerms, FindEveryFaultInWhatIsNoChain) {
  const std::string form = "form: not the four parts, each once, in order and filled";
  for (const char* yaml : {"{chain: [form]}", "{chain: [peeking]}", "{chain: [order]}"})
    EXPECT_EQ(found(yaml, "<answer>PEX2</answer>"), form) << yaml;
  EXPECT_EQ(found("{chain: [order]}", "Well." + chain("a", "b", "c", "c", "c")),
            "form: 'Well.' stands outside of the parts");
}

TEST(ChainTerms, AreRuleTermsToo) {
  const Prompt prompt = asked();
  const std::string yaml = "{kind: chain, faults: [form, unfaithful]}";
  EXPECT_EQ(judged(yaml, prompt, candidate(prompt, chain("a", "b", "c", "c", "c"))).value, 1);
  EXPECT_EQ(judged(yaml, prompt, candidate(prompt, chain("a", "b", "c", "c", "d"))).value, 0);
  EXPECT_EQ(
      judged("{kind: chain}", prompt, candidate(prompt, chain("a", "b", "c", "c", "d"))).value, 1);
}

TEST(ChainTerms, TakeTheLetterOfWhatIsConcluded) {
  for (const char* answer : {"B", " b)", "B) PEX2", "The answer is B"})
    EXPECT_EQ(found(kAll, chain("CNGB3: band", kLines, kReason, "PEX2", answer)), "no fault")
        << answer;
  EXPECT_EQ(found(kAll, chain("CNGB3: band", kLines, kReason, "PEX2", "A")),
            "unfaithful: the answer is 'RP1', the conclusion 'PEX2'");
  EXPECT_EQ(found(kAll, chain("CNGB3: band", kLines, kReason, "PEX2", "C")),
            "unfaithful: the answer is 'C', the conclusion 'PEX2'");
  EXPECT_EQ(found(kAll, chain("CNGB3: band", kLines, kReason, "B", "B")),
            "unfaithful: the reasoning ends in 'PEX2', not in 'B'")
      << "the conclusion is a name: else it would hide that the chain peeks";
}

TEST(ChainTerms, SayWhatIsWrittenWrong) {
  EXPECT_EQ(found("{chain: [form, peaking]}", ""),
            "s.yaml:1:16: chain[1]: must be one of form, peeking, unsupported, unfaithful, order "
            "(did you mean 'peeking'?)");
  EXPECT_EQ(found("{chain: []}", ""), "s.yaml:1:9: chain: must be not empty");
  EXPECT_EQ(found("{chain: [order], path: way}", ""), "truth has no field 'way'");
  EXPECT_EQ(found("{chain: [order], path: choices}", ""),
            "truth field 'choices': 'RP1' is no fact; write \"CNGB3 | band | 8q21\"");
}

}  // namespace
}  // namespace nelumbo

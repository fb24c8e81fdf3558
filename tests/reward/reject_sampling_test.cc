// SPDX-License-Identifier: Apache-2.0
#include "reward/reject_sampling.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "corpus/grid.h"
#include "corpus/mesh.h"
#include "corpus/multi_hop.h"
#include "corpus/obo.h"
#include "corpus/question_text.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

RejectTask task_of(const MultiHopItem& item) {
  return {item.answer(), item.choices, evidence_of(item)};
}

Attempt attempt(const ReasoningChain& chain, const std::string& answer) {
  return {chain.text() + "<answer> " + answer + "</answer>", answer, "planted"};
}

std::vector<MultiHopItem> shipped_items(int64_t count) {
  const std::string data = std::string(NELUMBO_SOURCE_DIR) + "/data";
  const auto terms = read_obo(data + "/disease-ontology/DO_rare_slim.obo");
  const auto headings = read_mesh(data + "/mesh");
  const KnowledgeGraph graph(extract_relations(terms.value(), headings.value()));
  return make_multi_hop(graph, weights_by_scarcity(graph), {.count = count, .seed = 5});
}

std::string wrong_choice(const MultiHopItem& item) {
  return item.choices[0] == item.answer() ? item.choices[1] : item.choices[0];
}

/// What must not pass: wrong answers under good chains, and right ones under bad chains.
std::vector<Attempt> planted(const MultiHopItem& item, const MultiHopItem& foreign) {
  const ReasoningChain gold = chain_of(item);
  const std::string& right = item.answer();
  const std::string wrong = wrong_choice(item);
  std::vector<Attempt> bad{attempt(gold, wrong), {gold.text(), std::nullopt, "planted"}};
  const auto plant = [&](const std::string& answer, const auto& spoil) {
    ReasoningChain chain = gold;
    spoil(&chain);
    bad.push_back(attempt(chain, answer));
  };
  plant(wrong, [&](auto* chain) {  // wrong all through
    chain->recall.back().replace(chain->recall.back().rfind(right), right.size(), wrong);
    chain->conclude = chain->reason.back() = wrong;
  });
  plant(right, [](auto* chain) { std::reverse(chain->recall.begin(), chain->recall.end()); });
  plant(right, [](auto* chain) { std::swap(chain->reason[0], chain->reason[1]); });
  plant(right, [](auto* chain) { chain->recall.erase(chain->recall.begin()); });
  plant(right, [](auto* chain) { chain->reason.erase(chain->reason.begin() + 1); });
  plant(right, [&](auto* chain) { chain->understand += ", that is " + right; });
  plant(right, [&](auto* chain) { chain->conclude = chain->reason.back() = wrong; });
  plant(right, [](auto* chain) { chain->recall[0] += " and more"; });
  plant(right,
        [](auto* chain) { chain->recall.insert(chain->recall.begin(), "It is well known."); });
  plant(right, [&](auto* chain) {
    *chain = chain_of(foreign);
    chain->conclude = chain->reason.back() = right;
  });
  plant(right, [&](auto* chain) { *chain = chain_of(foreign); });
  bad.push_back({"<answer> " + right + "</answer>", right, "planted"});
  bad.push_back({"<answer> " + right + "</answer>" + gold.text(), right, "planted"});
  return bad;
}

TEST(RejectSampling, KeepsPlantedWrongAndLuckyAnswersOut) {
  const std::vector<MultiHopItem> items = shipped_items(200);
  ASSERT_EQ(items.size(), 200U);
  int64_t good = 0, accepted_good = 0, bad = 0, accepted_bad = 0, lucky = 0, stopped_lucky = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    const RejectTask task = task_of(items[i]);
    const auto letter =
        std::find(items[i].choices.begin(), items[i].choices.end(), items[i].answer()) -
        items[i].choices.begin();
    for (const std::string& answer :
         {items[i].answer(), std::string(1, static_cast<char>('A' + letter))}) {
      ++good;
      accepted_good += pass_gates(attempt(chain_of(items[i]), answer), task).thinking ? 1 : 0;
    }
    for (const Attempt& one : planted(items[i], items[(i + 1) % items.size()])) {
      const GateVerdict verdict = pass_gates(one, task);
      ++bad;
      accepted_bad += verdict.thinking ? 1 : 0;
      const bool is_lucky = one.answer == items[i].answer();
      lucky += is_lucky ? 1 : 0;
      stopped_lucky += is_lucky && verdict.outcome && !verdict.thinking ? 1 : 0;
      EXPECT_TRUE(is_lucky || !verdict.outcome) << one.text;
      EXPECT_FALSE(verdict.thinking) << one.text;
    }
  }
  EXPECT_EQ(accepted_good, good);
  EXPECT_EQ(lucky, stopped_lucky);
  const double precision =
      static_cast<double>(accepted_good) / static_cast<double>(accepted_good + accepted_bad);
  EXPECT_GE(precision, 0.99);
  EXPECT_EQ(bad, 200 * 15);
}

TEST(RejectSampling, SaysWhichGateStoppedAnAttempt) {
  const MultiHopItem item = small_item();
  const RejectTask task = task_of(item);
  EXPECT_EQ(pass_gates(attempt(chain_of(item), "late betosis"), task).reason,
            "answers 'late betosis'");
  EXPECT_EQ(pass_gates({"hm", std::nullopt, ""}, task).reason, "does not answer");
  EXPECT_TRUE(pass_gates({"hm", "early betosis", ""}, task).reason.starts_with("form: "));
  EXPECT_EQ(pass_gates(attempt(chain_of(item), "early betosis"), task).reason, "");
}

TEST(RejectSampling, AnswersAreChoicesOrText) {
  RejectTask task = task_of(small_item());
  EXPECT_TRUE(is_right("Early  Betosis.", task));
  EXPECT_TRUE(is_right("b", task));
  EXPECT_FALSE(is_right("a", task));
  EXPECT_FALSE(is_right(std::nullopt, task));
  task.choices.clear();
  EXPECT_TRUE(is_right("early betosis", task));
  EXPECT_FALSE(is_right("b", task));
  EXPECT_FALSE(is_right("", task));
}

TEST(RejectSampling, KeepsTheShortestAndTheMostDifferent) {
  const MultiHopItem item = small_item();
  const std::string chain = chain_of(item).text();
  const auto spoken = [&](const std::string& behind) {
    return Attempt{chain + behind, "early betosis", ""};
  };
  const std::vector<Attempt> attempts{spoken(" so it is this one"),
                                      spoken(""),
                                      spoken(" and there is nothing more to say about it at all"),
                                      {"wrong", "late betosis", ""}};
  const Sifted sifted = sift(attempts, task_of(item));
  EXPECT_EQ(sifted.kept, (std::vector<size_t>{1, 2}));
  EXPECT_EQ(sifted.counts.attempts, 4);
  EXPECT_EQ(sifted.counts.outcome, 3);
  EXPECT_EQ(sifted.counts.thinking, 3);
  EXPECT_EQ(sifted.counts.kept, 2);
  EXPECT_DOUBLE_EQ(sifted.counts.outcome_rate(), 0.75);
  EXPECT_DOUBLE_EQ(sifted.counts.thinking_rate(), 1);
  EXPECT_EQ(sifted.counts.hard_items, 0);
}

TEST(RejectSampling, KeepsOneOfEqualAttempts) {
  const Attempt one = attempt(chain_of(small_item()), "early betosis");
  EXPECT_EQ(sift(std::vector<Attempt>{one, one, one}, task_of(small_item())).kept,
            std::vector<size_t>{0});
  EXPECT_TRUE(sift({}, task_of(small_item())).kept.empty());
}

TEST(RejectSampling, CountsHardItems) {
  std::vector<Attempt> attempts(9, {"wrong", "late betosis", ""});
  EXPECT_EQ(sift(attempts, task_of(small_item())).counts.hard_items, 0);
  attempts.push_back(attempt(chain_of(small_item()), "early betosis"));
  GateCounts counts = sift(attempts, task_of(small_item())).counts;
  EXPECT_EQ(counts.hard_items, 1);
  counts.add(counts);
  EXPECT_EQ(counts.items, 2);
  EXPECT_EQ(counts.attempts, 20);
}

TEST(RejectSampling, DifferenceIsZeroForEqualAndOneForForeignTexts) {
  EXPECT_DOUBLE_EQ(difference("a b c d", "a b c d"), 0);
  EXPECT_DOUBLE_EQ(difference("a b c d", "e f g h"), 1);
  EXPECT_DOUBLE_EQ(difference("a b c d", "a b c e"), 1 - 1.0 / 3);
  EXPECT_DOUBLE_EQ(difference("a", "a b"), 0.5);
  EXPECT_DOUBLE_EQ(difference("", ""), 0);
}

TEST(RejectSampling, TakesAPlaceThatOverlaps) {
  RejectTask task;
  task.evidence.boxes = {box_from_grid(GridBox{{10, 10, 20, 20}})};
  EXPECT_TRUE(is_right(grid_text(GridBox{{10, 10, 20, 20}}), task));
  EXPECT_TRUE(is_right(grid_text(GridBox{{11, 10, 20, 20}}), task));
  EXPECT_FALSE(is_right(grid_text(GridBox{{22, 2, 6, 6}}), task));
  EXPECT_FALSE(is_right("white", task));
  EXPECT_FALSE(is_right(std::nullopt, task));
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/reject_sampling.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "corpus/grid.h"
#include "corpus/multi_hop.h"
#include "corpus/question_text.h"
#include "reward/gate_trial.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

Attempt attempt(const ReasoningChain& chain, const std::string& answer) {
  return {chain.text() + "<answer> " + answer + "</answer>", answer, "planted"};
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

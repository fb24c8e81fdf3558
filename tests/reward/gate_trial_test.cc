// SPDX-License-Identifier: Apache-2.0
#include "reward/gate_trial.h"

#include <gtest/gtest.h>

#include "corpus/mesh.h"
#include "corpus/obo.h"
#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

std::vector<MultiHopItem> shipped_items(int64_t count) {
  const std::string data = std::string(NELUMBO_SOURCE_DIR) + "/data";
  const auto terms = read_obo(data + "/disease-ontology/DO_rare_slim.obo");
  const auto headings = read_mesh(data + "/mesh");
  const KnowledgeGraph graph(extract_relations(terms.value(), headings.value()));
  return make_multi_hop(graph, weights_by_scarcity(graph), {.count = count, .seed = 5});
}

TEST(GateTrial, KeepsPlantedWrongAndLuckyAnswersOut) {
  const GateTrial trial = try_gates(shipped_items(200));
  EXPECT_EQ(trial.items, 200);
  EXPECT_EQ(trial.sound, 400);
  EXPECT_EQ(trial.sound_kept, 400);
  EXPECT_EQ(trial.wrong, 3 * 200);
  EXPECT_EQ(trial.lucky, 12 * 200);
  EXPECT_EQ(trial.right_passed, 400 + 12 * 200) << "lucky answers are right";
  EXPECT_EQ(trial.wrong_passed + trial.lucky_passed, 0);
  EXPECT_DOUBLE_EQ(trial.outcome_precision(), 1);
  EXPECT_TRUE(trial.ok());
}

TEST(GateTrial, SaysNoWhereOneInFiftyPasses) {
  GateTrial trial{.items = 49, .sound = 49, .sound_kept = 49, .right_passed = 49};
  EXPECT_TRUE(trial.ok());
  trial.lucky_passed = 1;
  EXPECT_DOUBLE_EQ(trial.thinking_precision(), 0.98);
  EXPECT_FALSE(trial.ok());
  trial.lucky_passed = 0;
  trial.wrong_passed = 1;
  EXPECT_DOUBLE_EQ(trial.outcome_precision(), 0.98);
  EXPECT_FALSE(trial.ok());
  EXPECT_FALSE((GateTrial{.sound = 10, .sound_kept = 9, .right_passed = 10}).ok());
  EXPECT_FALSE(GateTrial().ok()) << "nothing was tried";
}

TEST(GateTrial, PlantsEachAttemptUnderTheItemItIsAbout) {
  const MultiHopItem item = small_item();
  for (const Attempt& attempt : planted_attempts(item, item))
    EXPECT_EQ(attempt.source, "planted");
  EXPECT_TRUE(pass_gates(sound_attempts(item).front(), task_of(item)).thinking);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_prompts.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "tests/apps/small_policy.h"
#include "tests/support/curated_data.h"

namespace nelumbo {
namespace {

/// The pictures of the tiny run with the questions of the curated data.
Materials drawing() {
  Materials materials = *tiny_materials();
  materials.config.pipeline = {"curate", "midtrain"};
  materials.config.midtrain.draw.steps = 2;
  materials.config.midtrain.draw.prompts = 9;
  materials.curated = CuratedRun{std::make_shared<const Curated>(shipped_curated()), "k", true, 0};
  materials.texts.answer_tokens = 120;
  return materials;
}

TEST(TracePrompts, AskHalfInWordsAndHalfAboutPictures) {
  const TracePrompts made = make_trace_prompts(drawing());
  ASSERT_EQ(made.prompts.size(), 9U);
  EXPECT_EQ(made.tasks.size(), 9U) << "every prompt has an id of its own and a task";
  EXPECT_EQ(std::count_if(made.prompts.begin(), made.prompts.end(),
                          [](const auto& prompt) { return prompt->image == nullptr; }),
            5);
  for (const auto& prompt : made.prompts) {
    const RejectTask& task = made.tasks.at(prompt->id);
    EXPECT_EQ(task.answer.empty(), prompt->task == "locate") << prompt->id;
    EXPECT_EQ(task.evidence.gold_path.empty(), prompt->task != "multihop") << prompt->id;
  }
}

TEST(TracePrompts, AskNothingWhereNothingIsDrawn) {
  Materials materials = drawing();
  materials.config.midtrain.draw.steps = 0;
  EXPECT_TRUE(make_trace_prompts(materials).prompts.empty());
}

TEST(TracePrompts, TrainOnWhatWasAccepted) {
  const TracePrompts made = make_trace_prompts(drawing());
  const std::vector<AcceptedTrace> accepted = {{made.prompts[0]->id, {7, 8, 9}},
                                               {made.prompts[8]->id, {5, 6}}};
  const auto groups = trace_groups(made, accepted, 1, 0, 2, 0.25);
  ASSERT_EQ(groups.size(), 2U);
  std::set<std::vector<int32_t>> tokens;
  for (const TrainingGroup& group : groups) {
    ASSERT_EQ(group.items.size(), 1U);
    const bool words = group.items[0].tokens.size() == 3;
    EXPECT_EQ(group.prefix, made.prompts[words ? 0 : 8]->tokens);
    EXPECT_EQ(group.items[0].weight, words ? 0.25F : 1.0F);
    EXPECT_EQ(group.items[0].trained, std::vector<uint8_t>(words ? 3 : 2, 1));
    tokens.insert(group.items[0].tokens);
  }
  EXPECT_EQ(tokens.size(), 2U) << "one round of the deck deals each once";
  EXPECT_TRUE(trace_groups(made, {}, 1, 0, 2, 0.25).empty());
}

}  // namespace
}  // namespace nelumbo

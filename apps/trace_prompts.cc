// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_prompts.h"

#include <utility>

#include "apps/token_sources.h"
#include "corpus/multi_hop_questions.h"
#include "corpus/smear_prompts.h"

namespace nelumbo {
namespace {

constexpr uint32_t kDrawStream = 0x447261;

void add(Prompt prompt, RejectTask task, TracePrompts* out) {
  out->tasks.emplace(prompt.id, std::move(task));
  out->prompts.push_back(std::make_shared<const Prompt>(std::move(prompt)));
}

void add_multi_hop(const Materials& materials, int64_t count, TracePrompts* out) {
  const std::vector<MultiHopItem>& items = materials.curated->data->training;
  for (int64_t i = 0; i < count; ++i) {
    Random random(static_cast<uint64_t>(materials.config.run.seed), Purpose::kPrompt,
                  static_cast<uint64_t>(i), kDrawStream);
    const MultiHopItem& item = items[static_cast<size_t>(random.below(std::ssize(items)))];
    Prompt prompt =
        text_prompt(multi_hop_question(item), *materials.dialogue, materials.texts.answer_tokens);
    prompt.id = "draw/" + std::to_string(i) + "/" + prompt.id;
    add(std::move(prompt), {item.answer(), item.choices, evidence_of(item)}, out);
  }
}

void add_thinking(const Materials& materials, int64_t count, TracePrompts* out) {
  for (ThinkingPrompt& thinking :
       thinking_prompts(materials.data.train, count, *materials.dialogue,
                        materials.network.config.vision.image_size,
                        static_cast<uint64_t>(materials.config.run.seed))) {
    RejectTask task;
    if (thinking.prompt.truth.contains("answer"))
      task.answer = thinking.prompt.truth["answer"].get<std::string>();
    task.evidence = std::move(thinking.evidence);
    add(std::move(thinking.prompt), std::move(task), out);
  }
}

}  // namespace

TracePrompts make_trace_prompts(const Materials& materials) {
  TracePrompts out;
  const TraceDrawConfig& draw = materials.config.midtrain.draw;
  if (!materials.curated || draw.steps == 0 || !materials.config.has_stage("midtrain"))
    return out;
  const int64_t half = draw.prompts / 2;
  add_multi_hop(materials, draw.prompts - half, &out);
  add_thinking(materials, half, &out);
  return out;
}

std::vector<TrainingGroup> trace_groups(const TracePrompts& prompts,
                                        const std::vector<AcceptedTrace>& accepted, uint64_t seed,
                                        int64_t step, int64_t count, double text_weight) {
  std::map<std::string, const Prompt*> by_id;
  for (const auto& prompt : prompts.prompts)
    by_id.emplace(prompt->id, prompt.get());
  std::vector<TrainingGroup> groups;
  for (int64_t i = 0; i < count && !accepted.empty(); ++i) {
    const int64_t place = dealt(seed, StageKind::kMidtrain, step * count + i, std::ssize(accepted));
    const AcceptedTrace& trace = accepted[static_cast<size_t>(place)];
    const Prompt& prompt = *by_id.at(trace.prompt);
    TrainingItem item;
    item.task = prompt.task;
    item.tokens = trace.tokens;
    item.trained.assign(trace.tokens.size(), 1);
    item.weight = prompt.image ? 1 : static_cast<float>(text_weight);
    TrainingGroup& group = groups.emplace_back();
    group.prefix = prompt.tokens;
    group.pixels = prompt.pixels;
    group.items.push_back(std::move(item));
  }
  return groups;
}

}  // namespace nelumbo

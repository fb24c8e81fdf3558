// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/materials.h"
#include "apps/trace_book.h"
#include "reward/reject_sampling.h"

namespace nelumbo {

/// What midtrain draws traces for, and what each answer is held against.
struct TracePrompts {
  std::vector<std::shared_ptr<const Prompt>> prompts;
  std::map<std::string, RejectTask> tasks;  ///< by the prompt's id
};

/// Half multi-hop questions to train on, half questions about pictures in their thinking form;
/// `midtrain.draw.prompts` in all, the same for a seed. Empty where nothing is drawn.
TracePrompts make_trace_prompts(const Materials& materials);

/// `count` of the accepted traces as groups to train on, as places step * count.. of an endless
/// shuffled deck; none where nothing was accepted. A pure function of its arguments.
std::vector<TrainingGroup> trace_groups(const TracePrompts& prompts,
                                        const std::vector<AcceptedTrace>& accepted, uint64_t seed,
                                        int64_t step, int64_t count, double text_weight);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "corpus/bccd.h"
#include "corpus/chain_checks.h"
#include "corpus/config.h"
#include "corpus/dialogue.h"
#include "corpus/prompt.h"

namespace nelumbo {

/// Names one prompt of a run.
struct PromptKey {
  uint64_t seed = 0;
  int64_t step = 0;
  int64_t index = 0;  ///< in the step
};

/// One prompt about a random view of a random smear, whole or a part: a pure function of its
/// arguments. The kinds of cell and the counts are drawn first and the smear to fit, so that
/// answers are balanced as far as the smears allow; a question that none of them can be asked gives
/// way to another task. REQUIRES: some smear, and a valid configuration.
Prompt training_prompt(std::span<const Smear> smears, const TaskConfig& tasks,
                       const Dialogue& dialogue, int64_t image_size, PromptKey key);

/// All prompts about the smears as they are, always the same: for each smear a locate if it has a
/// white cell, a type for each kind that it has, up to two counts, and a report.
std::vector<Prompt> validation_prompts(std::span<const Smear> smears, const Dialogue& dialogue,
                                       int64_t image_size);

/// A question that asks to think first, with what the chain of its answer is held against.
struct ThinkingPrompt {
  Prompt prompt;
  ChainEvidence evidence;
};

/// Locate, type and count in turn about random views, "think/<n>/<smear>/<task>"; one that no smear
/// can be asked gives way to another. Number n depends on (seed, n) and the smears alone. REQUIRES:
/// some smear.
std::vector<ThinkingPrompt> thinking_prompts(std::span<const Smear> smears, int64_t count,
                                             const Dialogue& dialogue, int64_t image_size,
                                             uint64_t seed);

/// The same prompts with nothing to see: view and original are mid-grey, "/blank" ends their ids.
/// What a policy still scores on them, it scores without looking.
std::vector<Prompt> blank_image_prompts(std::span<const Prompt> prompts);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "model/tokenizer.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// The sentences of what `tokens` say, each with its tokens. They end as base/sentence.h says. A
/// token belongs to one sentence: to the one that it ends. Sentences without text are left out;
/// special tokens have none.
///
/// Example: "3+4=7. So\n8" has three, "3+4=7.", "So" and "8".
std::vector<ThoughtStep> sentences_of(const Tokenizer& tokenizer,
                                      const std::vector<int32_t>& tokens);

}  // namespace nelumbo

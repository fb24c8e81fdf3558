// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "corpus/dialogue.h"
#include "corpus/prompt.h"
#include "corpus/reasoning_chain.h"
#include "corpus/training_group.h"

namespace nelumbo {

/// A question in words alone, with its exact answer.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct TextQuestion {
  std::string id;    ///< unique in its data set: "multihop/1/DOID:110007/0"
  std::string task;  ///< "multihop", "medqa", "instruction"; also names its reward spec
  std::string text;  ///< what is asked, with its choices
  std::optional<ReasoningChain> chain;  ///< leads to the answer; none: it is given at once
  std::string answer;                   ///< what stands between the answer tags when it is right
  nlohmann::json truth;                 ///< the fields that reward terms name
};

/// The question behind Dialogue::text_prefix(), with the demonstrated answer as targets.
TrainingItem text_item(const TextQuestion& question, const Dialogue& dialogue);

/// A prompt without a picture; `max_new_tokens` as in Prompt.
Prompt text_prompt(const TextQuestion& question, const Dialogue& dialogue, int64_t max_new_tokens);

}  // namespace nelumbo

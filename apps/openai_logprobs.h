// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/tokenizer.h"
#include "rollout/serving_engine.h"

namespace nelumbo {

/// A token of a prompt or an answer, with what is known of its place.
struct ShownToken {
  int32_t token = 0;
  std::optional<float> logprob;  ///< none: the first of a prompt
  std::vector<RankedToken> likeliest;
};

/// How completions name a token: its text, or "bytes:\xe2\x96" where it is no whole text.
std::string token_name(const Tokenizer& tokenizer, int32_t token);

/// {"tokens", "token_logprobs", "top_logprobs", "text_offset"} of a completion. `offset`: of the
/// first token, in characters; moves on behind the last.
nlohmann::ordered_json completion_logprobs(const Tokenizer& tokenizer,
                                           std::span<const ShownToken> tokens, int64_t* offset);

/// {"content": [{"token", "logprob", "bytes", "top_logprobs"}]} of a chat.
nlohmann::ordered_json chat_logprobs(const Tokenizer& tokenizer,
                                     std::span<const ShownToken> tokens);

}  // namespace nelumbo

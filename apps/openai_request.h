// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/openai_fields.h"
#include "rollout/config.h"
#include "rollout/engine.h"

namespace nelumbo {

/// What requests are checked against.
struct ApiModel {
  std::vector<std::string> names;  ///< that a request may call the model; the first is its own
  int64_t vocabulary = 0;
};

/// What both routes can ask.
struct ApiOptions {
  int32_t samples = 1;
  std::optional<int64_t> max_tokens;  ///< none: as many as there are positions
  Sampling sampling;                  ///< its max_new_tokens not yet set
  ServedWishes wishes;
  std::optional<uint64_t> seed;
  std::vector<std::string> stops;
  bool logprobs = false;
  bool json = false;  ///< the first JSON object ends an answer
  bool stream = false, include_usage = false;
};

/// POST /v1/completions.
struct CompletionRequest {
  ApiOptions options;
  std::vector<std::variant<std::string, std::vector<int32_t>>> prompts;
  bool echo = false;
};

/// POST /v1/chat/completions.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ChatRequest {
  ApiOptions options;
  nlohmann::ordered_json messages;  ///< as chat templates take them
  nlohmann::ordered_json tools;     ///< null: none
  std::vector<std::string> images;  ///< data URLs, in the order of the parts that stand for them
};

/// A typed request, or what is wrong with it.
std::variant<CompletionRequest, ApiError> read_completion(const nlohmann::ordered_json& body,
                                                          const ApiModel& model);
std::variant<ChatRequest, ApiError> read_chat(const nlohmann::ordered_json& body,
                                              const ApiModel& model);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/openai_fields.h"

namespace nelumbo {

/// The "messages" and "tools" of a chat request in the form that chat templates take. Pictures are
/// data URLs only: no path of this machine and no address is opened for a client.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ApiMessages {
  nlohmann::ordered_json messages = nlohmann::ordered_json::array();
  nlohmann::ordered_json tools;     ///< null: none
  std::vector<std::string> images;  ///< in the order of the parts {"type": "image"}
};

/// Reads them; what is wrong is remembered in `fields`.
ApiMessages read_messages(ApiFields& fields);

/// A call of a tool that an answer has.
struct ApiToolCall {
  std::string name, arguments;  ///< the arguments as JSON
};

/// An answer with its calls taken out.
struct ApiToolAnswer {
  std::string text;
  std::vector<ApiToolCall> calls;
};

/// Takes calls in the form of Hermes and Qwen, <tool_call>{"name": .., "arguments": {..}}
/// </tool_call>, out of an answer. One that is not of that form stays text.
ApiToolAnswer take_tool_calls(const std::string& answer);

constexpr const char* kToolCallBegin = "<tool_call>";

}  // namespace nelumbo

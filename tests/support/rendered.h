// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/chat_template.h"

namespace nelumbo {

/// What the template prints; "refused: why" where it does not parse, "failed: why" or "raised: why"
/// where it does not render. Its name in messages is t.
inline std::string rendered(const std::string& source, const nlohmann::ordered_json& variables =
                                                           nlohmann::ordered_json::object()) {
  const Result<ChatTemplate> parsed = ChatTemplate::parse(source, "t");
  if (!parsed)
    return "refused: " + parsed.error().message;
  ChatInput input;
  input.variables = variables;
  input.now = "2025-03-14T09:26:53";
  const Result<std::string> prompt = parsed.value().render(input);
  if (prompt)
    return prompt.value();
  return (prompt.error().code == Errc::kCheckFailed ? "raised: " : "failed: ") +
         prompt.error().message;
}

/// Expressions and what `{{ expression }}` prints. Expected values are jinja2's.
inline void expect_printed(
    const std::vector<std::pair<std::string, std::string>>& cases,
    const nlohmann::ordered_json& variables = nlohmann::ordered_json::object()) {
  for (const auto& [expression, printed] : cases)
    EXPECT_EQ(rendered("{{ " + expression + " }}", variables), printed) << expression;
}

}  // namespace nelumbo

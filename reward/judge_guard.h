// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nelumbo {

/// Why no judge is asked about an answer, which then meets nothing; none where one is. Such answers
/// are empty, speak to the judge rather than to who asked (orders, verdicts, roles, marks of chat
/// templates), hide characters, say one thing over and over (a plan whose lines say when may), or
/// copy a criterion of 40 bytes and more word for word. `criteria` are those that it is to be
/// judged by.
std::optional<std::string> reason_not_to_ask(std::string_view answer,
                                             std::span<const std::string_view> criteria);

}  // namespace nelumbo

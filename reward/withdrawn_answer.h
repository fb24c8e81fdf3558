// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// What a text offers behind an answer in its place: "71" of "No wait, 71", "Actually, it's 71" and
/// "The answer is 71", or by what it ends that only takes it back, as "That's wrong."; none where
/// it explains the answer or repeats it. `is_other` says whether something reads as an answer, and
/// as another one than that given. What asks offers nothing.
std::optional<std::string> offered_instead(std::string_view behind,
                                           const std::function<bool(std::string_view)>& is_other);

}  // namespace nelumbo

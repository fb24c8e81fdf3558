// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// What a text says, held against the answer given.
enum class Claim {
  kNone,   ///< it reads as no answer
  kSame,   ///< as the answer given
  kOther,  ///< as another one
};

/// How texts are read as answers.
struct ClaimReading {
  std::function<Claim(std::string_view)> said;   ///< words may tell of it: "71 clips in May"
  std::function<Claim(std::string_view)> alone;  ///< an answer and nothing else: "71", "71 clips"
};

/// What a text offers behind an answer in its place; none where it explains the answer or repeats
/// it. Offered is
/// - "71" of "No wait, 71", of "Actually, it's 71", of "The answer is 71" and in \boxed{71};
/// - the last one that is stated, alone as the first sentence ("71.") or in any behind "so" ("So
///   71") or as "71 is correct", where the answer is not repeated behind it: "so 24, and 48 + 24 =
///   72" only leads to it. What begins a list ("A. It is ..", "1. ..") is not;
/// - the end that only takes the answer back, as "That's wrong.".
/// What asks offers nothing.
std::optional<std::string> offered_instead(std::string_view behind, const ClaimReading& read);

}  // namespace nelumbo

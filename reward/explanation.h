// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace nelumbo {

/// Where the name of a choice may end and what explains it may begin.
struct ExplanationStart {
  enum class Kind {
    kReason,     ///< "B, because it is safe"; what follows "B." or "B -" may be its text
    kStatement,  ///< "B) Bladder is right", "B. Bladder. It holds urine.", "B: Bladder (a sac)"
  };
  size_t at = 0;  ///< the first byte that is not of the name
  Kind kind = Kind::kReason;
};

/// The first such place at `from` or behind; none: nothing is explained.
std::optional<ExplanationStart> explanation_start(std::string_view text, size_t from = 0);

/// Whether what stands behind a name says that it is right, or why: nothing that doubts it, denies
/// it ("is not the best"), offers another ("or", "but") or takes it back ("wait"). Behind a word as
/// "because" something else may be denied.
bool only_explains(std::string_view behind);

/// The letters that stand alone, as those of choices may: C of "or (C)"; not the article "a".
std::vector<std::string_view> lone_letters(std::string_view text);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
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
  bool ends_sentence = false;  ///< by ".", ";", a dash or a line
};

/// The first such place at `from` or behind; none: nothing is explained.
std::optional<ExplanationStart> explanation_start(std::string_view text, size_t from = 0);

/// Whether what stands behind a name affirms it (reward/affirmation.h) or says why: nothing that
/// doubts it, denies it ("is not the best"), offers another ("or", "but", "A is right") or takes it
/// back ("wait"). Behind a word as "because" anything may be said, and something else denied.
/// `names` are those of what was named.
bool only_explains(std::string_view behind, const std::vector<std::string_view>& names = {});

/// Whether what stands behind "B." is a sentence of its own, or such behind "Explanation:".
bool begins_explanation(std::string_view behind);

/// Whether it speaks, but as a reason, of the other choices as such: "the next option", "others
/// are".
bool speaks_of_others(std::string_view text);

/// Whether a sentence or a reason lets one of the others stand as such, whichever it is: "the last
/// option is right", "because all the others fit, too", "any letter would do". What denies them,
/// "because the other options do not fit", does not, nor "the first choice is penicillin" where
/// that is one of `names`.
bool allows_others(std::string_view text, const std::vector<std::string_view>& names = {});

/// Whether the first sentence of a text has most words of another choice's text, and is nearer to
/// that than to `own`: it may be that choice in other words.
bool retells_another(std::string_view behind, std::string_view other, std::string_view own);

/// What a plain statement says: true of "aspirin reduces mortality", false of "it has no effect";
/// none where it is no statement, doubts, or calls something else right.
std::optional<bool> stated_plainly(std::string_view text);

/// The text without the clauses of its reasons that begin with one of the names of others and deny
/// it once, "A is filtered and not stored", "the kidney only makes urine"; further on they have
/// none of those names nor of `names`, which what was named has itself. It is without sentences
/// that say of others, or of "the other options", that they are wrong and no more, too.
std::string without_denied(std::string_view text, const std::vector<std::string>& others,
                           const std::vector<std::string_view>& names = {});

/// The letters that stand alone, as those of choices may: C of "or (C)"; not the article "a".
std::vector<std::string_view> lone_letters(std::string_view text);

}  // namespace nelumbo

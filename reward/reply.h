// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

/// A reply and what is stated behind it.
struct Reply {
  enum class Kind { kYes, kNo, kMaybe };
  std::string_view word, statement;  ///< the statement without a head as "Explanation:"
  Kind kind;
  bool is_sentence;     ///< "Yes.", as "Yes" on a line of its own and before ";", ":" or a dash
  bool is_explanation;  ///< it had such a head
};

/// "Yes" and the rest of "Yes, aspirin reduces mortality", "**Yes**. It does" and "Yes (it does)";
/// none of other texts.
std::optional<Reply> reply_of(std::string_view text);

/// "Yes" of "Yes, it does.", "No" of "No, they are not.": none where the rest says otherwise, or
/// more.
std::optional<std::string_view> echoed_reply(std::string_view text);

/// Whether what stands behind a reply says something by itself, as a paper's conclusion does: its
/// first sentence has four words and more, and begins with none that only replies once more ("It
/// does not do so.") or turns ("Actually ..").
bool is_conclusion(std::string_view statement);

/// Whether a sentence says whence it comes, as a paper's does: "This study showed ..", "These
/// data suggest ..", "It is concluded that ..", "There was no evidence ..". None that leaves open
/// what was asked, "There is doubt whether ..".
bool reports(std::string_view sentence);

/// Whether one stands behind "Yes.", or what reports; under a head its first sentence may begin
/// with "These" or "It", too, where it has eight words and more.
bool concludes(const Reply& reply);

/// Whether it only says that what was asked is open: "further studies are needed", "the evidence
/// is inconclusive".
bool says_open(std::string_view statement);

/// Whether it only says how sure the reply is or whence it comes: "definitely", "according to the
/// study", "supported by the data".
bool is_remark(std::string_view statement);

/// Whether what stands behind a reply gives another one, in words that no conclusion has: "I would
/// say maybe", "my vote goes to no", "the answer is negative", "it is the other one", or takes this
/// one back: "scratch that".
bool replies_otherwise(Reply::Kind kind, std::string_view statement);

/// What stands in the way of a reply that names none, as far as that can be told: "what follows
/// the reply leaves it open"; empty: nothing known.
std::string why_no_reply(const Reply& reply);

/// Whether it says that what was asked is refuted: "the study refutes it".
bool refutes(std::string_view statement);

}  // namespace nelumbo

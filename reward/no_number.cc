// SPDX-License-Identifier: Apache-2.0
#include "reward/no_number.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/asked_number.h"
#include "reward/stated_answer.h"
#include "reward/unit_phrases.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;

/// The first word, or sign of a unit, that may not stand beside the number; empty: none.
std::string word_beside(const std::vector<Piece>& pieces, bool units_may) {
  const auto phrases = unit_phrases(pieces);
  for (size_t at = 0; at < pieces.size(); ++at) {
    const auto phrase = std::ranges::find(phrases, at, &UnitPhrase::begin);
    if (phrase != phrases.end() && !units_may)
      return phrase->written;
    if (phrase != phrases.end())
      at = phrase->end - 1;
    else if (pieces[at].kind == Kind::kWord)
      return std::string(pieces[at].text);
  }
  return "";
}

std::string reason(std::string_view answer, std::string_view units) {
  if (is_blank(answer))
    return "nothing is said";
  if (answer.find('?') != std::string_view::npos)
    return "it asks";
  const auto pieces = pieces_of(answer);
  const auto numbers = std::ranges::count(pieces, Kind::kNumber, &Piece::kind);
  if (numbers == 0)
    return "it has no digits";
  if (const std::string word = units == "asked" || units == "named" ? changing_word(answer) : "";
      !word.empty())
    return "'" + shortened(word) + "' makes it another one";
  if (numbers > 1)
    return "there are several";
  const std::string word = word_beside(pieces, units != "refuse");
  return word.empty() ? "" : "'" + shortened(word) + "' stands beside it";
}

}  // namespace

std::string no_number(std::string_view answer, std::string_view units) {
  const std::string why = reason(stated_number(answer), units);
  return in_quotes(answer) + " is no number" + (why.empty() ? "" : ": " + why);
}

}  // namespace nelumbo

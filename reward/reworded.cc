// SPDX-License-Identifier: Apache-2.0
#include "reward/reworded.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/arithmetic.h"
#include "reward/asked_question.h"
#include "reward/counted_things.h"
#include "reward/number_sentence.h"
#include "reward/unit_phrases.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;

constexpr size_t kLongest = 400;  // of an answer that is read

/// Whether a label calls its number no answer, but for what the question asks: "Wrong answers: 5".
bool denies(std::string_view label, const AskedQuestion& asked) {
  static const std::set<std::string> kDenying = {"wrong", "false",   "incorrect", "maybe",
                                                 "not",   "perhaps", "possibly",  "guess"};
  for (std::string_view rest = label; !rest.empty();)
    if (const std::string word = normalized(take_until(" ", &rest));
        kDenying.contains(word) && !asked.asks_with(word))
      return true;
  return false;
}

/// "85 Total trees" for "Total trees: 85".
std::optional<std::string> with_label_behind(std::string_view text, std::string_view question) {
  const size_t mark = text.find_first_of(":=");
  if (mark == 0 || mark == std::string_view::npos || mark + 1 == text.size() ||
      text.find_first_of(text[mark] == ':' ? ":" : ":=", mark + 1) != std::string_view::npos ||
      !is_ascii_letter(text[0]))
    return std::nullopt;
  const auto asked = asked_question(question);
  const std::string_view label = trimmed(text.substr(0, mark));
  const std::string_view number = trimmed(text.substr(mark + 1));
  const bool stands_apart =  // "x = 5" says of nothing that it is 5
      text[mark] == ':' || (text[mark - 1] == ' ' && label.find(' ') != std::string_view::npos);
  const auto is_plain = [](char c) { return is_ascii_letter(c) || c == ' '; };
  if (!stands_apart || !std::ranges::all_of(label, is_plain) ||
      number.find_first_of("0123456789") == std::string_view::npos || is_of_other(label, *asked) ||
      denies(label, *asked))
    return std::nullopt;
  const size_t end = number.find_last_not_of(" .");
  return std::string(number.substr(0, end + 1)) + " " + std::string(label);
}

/// "60+25=85" for "60+25=<<60+25=85>>85". None where they differ, or what stands between the marks
/// is no equation that holds.
std::optional<std::string> without_annotations(std::string_view text) {
  std::string out;
  for (size_t open = text.find("<<"); open != std::string_view::npos; open = text.find("<<")) {
    const size_t close = text.find(">>", open);
    if (close == std::string_view::npos)
      return std::nullopt;
    const auto result = equation_result(text.substr(open + 2, close - open - 2));
    const std::string_view before = text.substr(0, open), behind = text.substr(close + 2);
    const std::string_view said = behind.starts_with('$') ? behind.substr(1) : behind;
    if (!result || !said.starts_with(*result) ||
        (said.size() > result->size() && is_digit(said[result->size()])))
      return std::nullopt;
    out += before;
    text = behind;
  }
  return out + std::string(text);
}

/// A number in digits or in words.
std::optional<double> value_of(const Piece& piece) {
  if (const auto word = number_word(piece.text))
    return static_cast<double>(*word);
  return piece.kind == Kind::kNumber ? number_of(piece.text) : std::nullopt;
}

/// Whether a question speaks of so many of the things, and of no other number of them.
bool tells_only(const std::vector<Piece>& question, double number, const std::string& thing) {
  bool tells = false;
  for (size_t at = 1; at < question.size(); ++at) {
    if (normalized(question[at].text) != thing)
      continue;
    const auto value = value_of(question[at - 1]);
    if (value && *value != number)
      return false;
    tells = tells || value;
  }
  return tells;
}

/// Whether the words at `at` tell of each: "each day", "per day", "a day".
bool is_of_each(const std::vector<Piece>& pieces, size_t at) {
  static const std::set<std::string> kEach = {"each", "every", "per", "a", "an", "apiece"};
  for (size_t before = at; before-- > 0;)
    if (kEach.contains(normalized(pieces[before].text)))
      return true;
  return false;
}

/// "Tina makes $990." for "Tina makes $990 in 5 days."
std::optional<std::string> without_own_number(std::string_view text, std::string_view question) {
  static const std::set<std::string> kBefore = {"in", "for", "after", "during", "within"};
  const std::vector<Piece> pieces = pieces_of(text);
  if (std::ranges::count(pieces, Kind::kNumber, &Piece::kind) != 2)
    return std::nullopt;
  const auto first = std::ranges::find(pieces, Kind::kNumber, &Piece::kind);
  const auto own = std::find_if(first + 1, pieces.end(),
                                [](const Piece& piece) { return piece.kind == Kind::kNumber; });
  if (own - first < 2 || own + 1 == pieces.end() || (own + 1)->kind != Kind::kWord ||
      !kBefore.contains(normalized((own - 1)->text)))
    return std::nullopt;
  const auto asked = asked_question(question);
  const std::string thing = normalized((own + 1)->text);
  const auto number = number_of(own->text);
  const auto behind = own + 2;
  const bool goes_on = behind != pieces.end() && behind->kind == Kind::kWord &&
                       asked->may_ask_for(behind->text);       // "in 5 red pens"
  const bool is_open = thing == "square" || thing == "cubic";  // its unit stands behind it
  const bool may_be_asked =
      goes_on || is_open || asked->may_ask_for(thing) ||
      (asked->asks_of_each() && !is_of_each(pieces, static_cast<size_t>(own - pieces.begin())));
  if (!number || may_be_asked || !tells_only(pieces_of(question), *number, thing))
    return std::nullopt;
  const std::string_view before = (own - 1)->text, last = (own + 1)->text;
  const size_t begin = static_cast<size_t>(before.data() - text.data());
  const size_t end = static_cast<size_t>(last.data() - text.data()) + last.size();
  return std::string(trimmed(text.substr(0, begin))) + std::string(text.substr(end));
}

}  // namespace

std::optional<std::string> reworded(std::string_view text, std::string_view question) {
  text = trimmed(text);
  if (text.empty() || text.size() > kLongest || text.find('\n') != std::string_view::npos)
    return std::nullopt;
  if (text.find("<<") != std::string_view::npos)
    return without_annotations(text);
  if (auto label = with_label_behind(text, question))
    return label;
  return without_own_number(text, question);
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_number.h"

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/arithmetic.h"
#include "reward/asked_question.h"
#include "reward/counted_things.h"
#include "reward/emphasis.h"
#include "reward/exponents.h"
#include "reward/lookalikes.h"
#include "reward/number_sentence.h"
#include "reward/plain_digits.h"
#include "reward/reworded.h"
#include "reward/stated_answer.h"
#include "reward/unit_phrases.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;

constexpr size_t kMostWords = 8;
const std::set<std::string> kJoining = {
    "percent", "pct",    "of",    "in",   "the",   "a",          "an",   "per",       "each",
    "for",     "all",    "total", "left", "every", "altogether", "more", "remaining", "sq",
    "cubic",   "square", "on",    "at",   "only",  "them",       "are",  "is"};
/// Behind these stands another number, or the number is not what was said.
const std::set<std::string> kOffering = {"minus", "plus",      "negative", "not", "no",  "or",
                                         "and",   "to",        "than",     "but", "nor", "between",
                                         "over",  "negatives", "minuses",  "e"};
/// They may stand between words behind a number.
const std::set<std::string> kLinking = {"and", "to", "over", "than"};
/// By these things are counted in groups: they change the number, as parts do ("thirds"), unless
/// the question counts by them.
const std::set<std::string> kGroups = {
    "thousand", "million", "billion", "trillion", "hundred",   "dozen",       "dozens",
    "half",     "halves",  "quarter", "k",        "score",     "thousands",   "millions",
    "hundreds", "twice",   "double",  "billions", "trillions", "quadrillion", "quadrillions",
    "lakh",     "lakhs",   "crore",   "crores",   "gross",     "grosses",     "myriad",
    "myriads",  "tens",    "twelves", "twenties", "doubles",   "triples",     "quadruples"};
bool changes(const std::string& word) {
  return kGroups.contains(word) || is_part(word);
}

/// "72 (clips)" as "72  clips ".
std::string without_brackets_behind(std::string text) {
  const size_t close = text.find_last_not_of(" .!"), open = text.rfind('(');
  if (close == std::string::npos || text[close] != ')' || open == std::string::npos || open == 0 ||
      text.find(')') != close)
    return text;
  text[open] = text[close] = ' ';
  return text;
}

/// The blanks of LaTeX: "72~clips", "72\,kg"
bool is_latex_blank(std::string_view text, size_t at) {
  const bool ties = text[at] == '~' && at > 0 && text[at - 1] != ' ';  // "~72" is about 72
  return ties || (text[at] == '\\' && at + 1 < text.size() &&
                  std::string_view(" ,;:!").find(text[at + 1]) != text.npos);
}

/// With what stands in \text{} as it is, in brackets behind the number too, and without emphasis.
std::string in_plain_words(std::string_view answer) {
  const std::string bare = without_math_dollars(
      with_plain_percent(with_plain_minus(with_narrow_forms(without_emphasis(answer)))));
  const std::string_view text = without_emphasis(bare);
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t begin = 0, end = std::string_view::npos;
    for (const std::string_view head : {"\\text{", "\\mathrm{", "\\textbf{"})
      if (text.substr(at).starts_with(head)) {
        begin = at + head.size();
        end = text.find('}', begin);
      }
    if (end == std::string_view::npos && is_latex_blank(text, at)) {
      out += ' ';
      at += text[at] == '\\' ? 1 : 0;
    } else if (end == std::string_view::npos) {
      out += text[at];
    } else {
      out += ' ';
      out += text.substr(begin, end - begin);
      at = end;
    }
  }
  return without_brackets_behind(std::move(out));
}

/// What was taken off the end of a text.
struct Trail {
  bool has_words = false, counts = false;
  std::string last{};  // the word behind

  /// Whether a word offers another number, or changes the one before it: "or", and "and" before
  /// what counts. "In April and May", "5 hours to paint", "5 more than Tim" and "left over" do not.
  bool is_offered_by(const std::string& word, std::string_view before,
                     std::string_view question) const {
    if (word == "not")
      return !asked_question(question)->asks_of_not(last);
    if (word == "and" || word == "to" || word == "than")
      return !has_words || counts;
    return kOffering.contains(word) && (word != "over" || !before.ends_with(" left"));
  }
};

/// Takes the last word off a text; none where what stands there is no word, or changes what stands
/// before it.
std::optional<std::string_view> without_last_word(std::string_view text, std::string_view question,
                                                  Trail& behind) {
  const size_t end = text.find_last_not_of(" .,;!");
  if (end == std::string_view::npos)
    return std::nullopt;
  const size_t blank = text.rfind(' ', end);
  if (blank == std::string_view::npos)
    return std::nullopt;
  const std::string_view word = text.substr(blank + 1, end - blank);
  const std::string low = normalized(word);
  const bool is_word =
      std::ranges::all_of(word, is_ascii_letter) ||
      (is_ascii_letter(word[0]) && !asks(word) && unit_phrases(pieces_of(word)).size() == 1);
  const std::string_view before = trimmed(text.substr(0, blank));
  if (!is_word || behind.is_offered_by(low, before, question) ||
      (changes(low) && !asked_question(question)->counts_by(low)))
    return std::nullopt;
  behind.has_words = true;
  behind.counts = behind.counts || changes(low) || is_amount_word(low);
  behind.last = low;
  return before;
}

/// Whether the unit at `begin` is that of the number: "5 more hours", "$5"; in "5 books this week"
/// a week is none.
bool is_of_number(const std::vector<Piece>& pieces, size_t begin) {
  while (begin > 0 && (pieces[begin - 1].text == "more" || pieces[begin - 1].text == "total" ||
                       pieces[begin - 1].text == "extra"))
    --begin;
  return begin == 0 || pieces[begin - 1].kind != Kind::kWord;
}

/// Whether a word compares the number with another, as "72 less" does; "more" before a word may
/// only join it: "5 more hours".
bool compares(const std::vector<Piece>& pieces, size_t at) {
  const std::string word = normalized(pieces[at].text);
  const auto behind = std::span(pieces).subspan(at + 1);
  const bool is_last =
      std::ranges::none_of(behind, [](const Piece& piece) { return piece.kind == Kind::kWord; });
  const bool has_than = std::ranges::find(behind, "than", &Piece::text) != behind.end();
  return word == "less" || word == "fewer" || (word == "more" && (is_last || has_than));
}

/// Whether a word stands behind "and", as girls in "72 boys and girls".
bool is_joined(const std::vector<Piece>& pieces, size_t at) {
  return at > 0 && pieces[at - 1].text == "and";
}

/// Whether a word needs no name: it joins, or tells whose number it is. "More" changes what a
/// number is of, where the question speaks of nothing like it.
bool adds_nothing(const std::string& word, const AskedQuestion& asked) {
  if (word == "more")
    return asked.speaks_of_more();
  return kJoining.contains(word) || kLinking.contains(word) || only_tells(word, asked);
}

/// Whether a word makes the number a rate: "each", "per", the "a" of "72 clips a box" and "$72 a
/// box".
bool makes_rate(const std::vector<Piece>& pieces, size_t at) {
  const std::string word = normalized(pieces[at].text);
  if (at == 0 || (word != "a" && word != "an"))
    return word == "each" || word == "every" || word == "per" || word == "apiece";
  const Piece& before = pieces[at - 1];
  return before.kind == Kind::kNumber || is_count_noun(before.text) || is_container(before.text) ||
         unit_named(before.text);
}

/// Why the unit that begins at `at` may not stand there; empty: it may.
std::string unit_fault(const UnitPhrase& phrase, const std::vector<Piece>& pieces,
                       const AskedQuestion& asked) {
  const bool is_aside = phrase.below.empty() && !is_of_number(pieces, phrase.begin);
  if (asked.takes(phrase) || (is_aside && asked.names_units(phrase)))
    return "";
  return "says '" + shortened(phrase.written) +
         (asked.wanted().empty() ? "', which the question does not ask for"
                                 : "' where '" + shortened(asked.wanted()) + "' is asked for");
}

/// Why the word at `at` may not stand there; empty: it may.
std::string word_fault(const std::vector<Piece>& pieces, size_t at, bool has_unit,
                       const AskedQuestion& asked, Things things) {
  const std::string word(pieces[at].text), low = normalized(word);
  const bool must_be_asked =
      low == "times" || compares(pieces, at) || (makes_rate(pieces, at) && !asked.asks_of_each());
  const bool joins = !must_be_asked && adds_nothing(low, asked);
  const bool is_thing = is_count_noun(word), is_of = is_of_number(pieces, at);
  const bool is_other =
      ((is_thing || is_container(word)) && !has_unit && (is_of || is_joined(pieces, at)) &&
       (asked.measures_no(word) || asked.sets_apart(word))) ||
      (things == Things::kNamed && is_of && !joins && asked.counts_no(word));
  const bool is_named =  // "3 times as many" speaks of no times that could be asked for
      asked.names(word) && (!must_be_asked || asked.counts_by(word));
  if (!is_other && (is_named || joins || (is_thing && things == Things::kOfAnyName)))
    return "";
  return "says '" + shortened(word) +
         (is_other && !asked.wanted().empty()
              ? "' where '" + shortened(asked.wanted()) + "' is asked for"
          : asked.names(word) ? "', which the question does not ask for"
                              : "', which neither the question nor the truth names");
}

/// What stands beside the number and is not asked for, as evidence has it; empty: nothing.
std::string fault_of(const std::vector<Piece>& pieces, const AskedQuestion& asked, Things things) {
  const auto phrases = unit_phrases(pieces);
  std::string fault;
  for (size_t at = 0; at < pieces.size() && fault.empty(); ++at) {
    const auto phrase = std::ranges::find(phrases, at, &UnitPhrase::begin);
    if (phrase != phrases.end()) {
      fault = unit_fault(*phrase, pieces, asked);
      at = phrase->end - 1;
    } else if (pieces[at].kind == Kind::kWord) {
      fault = word_fault(pieces, at, !phrases.empty(), asked, things);
    }
  }
  return fault;
}

/// A number with words behind it.
std::optional<Quantity> leading_quantity(std::string_view answer, std::string_view question) {
  if (auto read = quantity_of(answer))
    return read;
  const std::string text = in_plain_words(answer);
  std::optional<std::string_view> rest = text;
  Trail behind;
  for (size_t i = 0; i < kMostWords && rest; ++i) {
    rest = without_last_word(*rest, question, behind);
    if (auto read = rest ? quantity_of(*rest) : std::nullopt)
      return read;
  }
  return std::nullopt;
}

/// A number, and from where on the answer is read.
struct PlacedNumber {
  std::optional<Quantity> number;
  std::string_view text;
};

PlacedNumber placed_number(std::string_view answer, std::string_view question) {
  auto number = leading_quantity(answer, question);
  if (number || answer.empty())
    return {std::move(number), answer};
  const auto asked = asked_question(question);
  const std::string_view told =
      is_ascii_letter(answer.front()) ? number_in_sentence(answer, *asked) : answer;
  const auto equation = equation_in_sentence(answer, *asked);
  const auto computed = equation ? equation_result(*equation) : std::nullopt;
  const std::string_view rest = computed ? *computed : equation_result(told).value_or(told);
  if (rest.size() == answer.size())
    return {std::nullopt, answer};
  return {leading_quantity(rest, question), rest};
}

/// The same, and where there is none that of what the answer comes to: "48 and 24, so 72".
PlacedNumber concluded_number(std::string_view answer, std::string_view question) {
  PlacedNumber placed = placed_number(answer, question);
  const auto conclusion = placed.number ? std::nullopt : conclusion_of(answer, question);
  return conclusion ? placed_number(stated_number(*conclusion), question) : std::move(placed);
}

}  // namespace

std::optional<Quantity> worded_quantity(std::string_view answer, std::string_view question) {
  const std::string digits = in_digits(answer);
  auto number = concluded_number(digits, question).number;
  const auto other = number ? std::nullopt : reworded(digits, question);
  return other ? concluded_number(*other, question).number : number;
}

AskedAnswer asked_answer(std::string_view answer, std::string_view question, std::string_view truth,
                         Things things) {
  const std::string digits = in_digits(answer);
  PlacedNumber placed = concluded_number(digits, question);
  const auto other = placed.number ? std::nullopt : reworded(digits, question);
  if (other)
    placed = concluded_number(*other, question);
  AskedAnswer read{std::move(placed.number)};
  if (!read.number)
    return read;
  const std::string text = with_exponents(in_plain_words(placed.text));
  const auto pieces = pieces_of(text);
  if (std::ranges::all_of(pieces, [](const Piece& one) { return one.kind == Kind::kNumber; }))
    return read;
  const auto asked = asked_question(question, truth);
  read.fault = fault_of(pieces, *asked, digits == answer ? things : Things::kNamed);
  read.may_be_percent = asked->takes_percent();
  read.must_be_percent = asked->asks_for_percent();
  return read;
}

std::string changing_word(std::string_view answer) {
  const std::string text = in_plain_words(answer);
  for (const Piece& piece : pieces_of(text))
    if (const std::string low = normalized(piece.text); kOffering.contains(low) || changes(low))
      return std::string(piece.text);
  return "";
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_number.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/asked_question.h"
#include "reward/emphasis.h"
#include "reward/exponents.h"
#include "reward/lookalikes.h"
#include "reward/plain_digits.h"
#include "reward/unit_phrases.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;

constexpr size_t kMostWords = 5;
const std::set<std::string> kJoining = {
    "percent", "pct",    "of",    "in",   "the",   "a",          "an",   "per",       "each",
    "for",     "all",    "total", "left", "every", "altogether", "more", "remaining", "sq",
    "cubic",   "square", "on",    "at",   "only",  "them",       "are",  "is"};
/// Behind these stands another number, or the number is not what was said.
const std::set<std::string> kOffering = {"minus", "plus",      "negative", "not", "no",  "or",
                                         "and",   "to",        "than",     "but", "nor", "between",
                                         "over",  "negatives", "minuses",  "e"};
/// By these things are counted in groups or in parts: they change the number, unless the question
/// counts by them.
const std::set<std::string> kGroups = {
    "thousand",    "million",    "billion",    "trillion",    "hundred",      "dozen",
    "dozens",      "half",       "halves",     "third",       "quarter",      "fourth",
    "k",           "score",      "thousands",  "millions",    "hundreds",     "twice",
    "double",      "billions",   "trillions",  "thirds",      "fourths",      "fifths",
    "sixths",      "sevenths",   "eighths",    "ninths",      "tenths",       "hundredths",
    "thousandths", "millionths", "billionths", "quadrillion", "quadrillions", "lakh",
    "lakhs",       "crore",      "crores",     "gross",       "grosses",      "myriad",
    "myriads",     "tens",       "twelves",    "twenties",    "doubles",      "triples",
    "quadruples"};
/// Words in the plural that count no things, or hold several of them; units of reward/units.h are
/// none, either.
const std::set<std::string> kNoThings = {
    "times",        "less",      "pairs",      "couples", "quarters", "percents",  "percentages",
    "decades",      "centuries", "fortnights", "bucks",   "pennies",  "nickels",   "dimes",
    "pesos",        "rupees",    "francs",     "acres",   "hectares", "calories",  "watts",
    "volts",        "joules",    "knots",      "bits",    "bytes",    "megabytes", "gigabytes",
    "does",         "lumens",    "newtons",    "pascals", "hertz",    "ohms",      "amps",
    "amperes",      "candelas",  "coulombs",   "farads",  "teslas",   "sieverts",  "kilowatts",
    "decibels",     "yes",       "perhaps",    "equals",  "always",   "others",    "nanoseconds",
    "microseconds", "fathoms",   "furlongs",   "leagues", "bushels",  "stones",    "carats",
    "shillings",    "yuans",     "zlotys",     "kopecks", "krones",   "crowns",    "boxes",
    "packs",        "packets",   "packages",   "bags",    "cartons",  "crates",    "cases",
    "bundles",      "stacks",    "sets",       "batches", "bunches",  "trays",     "jars",
    "bottles",      "rolls"};
const std::set<std::string> kIrregular = {"people", "men",  "women", "children", "mice",
                                          "geese",  "fish", "sheep", "deer",     "teeth"};
bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether a word names things that are counted, as "guests" does: one in the plural that is no
/// unit and no money.
bool is_count_noun(const std::string& word) {
  const std::string low = normalized(word);
  if (kIrregular.contains(low))
    return true;
  const bool is_plural = low.size() > 3 && low.ends_with('s') && !low.ends_with("ss") &&
                         !low.ends_with("us") && !low.ends_with("is");
  return is_plural && !unit_named(word) && !kNoThings.contains(low);
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

/// Takes the last word off a text; none where what stands there is no word, or changes what stands
/// before it.
std::optional<std::string_view> without_last_word(std::string_view text,
                                                  std::string_view question) {
  const size_t end = text.find_last_not_of(" .,;!");
  if (end == std::string_view::npos)
    return std::nullopt;
  const size_t blank = text.rfind(' ', end);
  if (blank == std::string_view::npos)
    return std::nullopt;
  const std::string_view word = text.substr(blank + 1, end - blank);
  const std::string low = normalized(word);
  const bool is_word = std::ranges::all_of(word, is_ascii_letter) ||
                       (is_ascii_letter(word[0]) && unit_phrases(pieces_of(word)).size() == 1);
  if (!is_word || kOffering.contains(low) ||
      (kGroups.contains(low) && !AskedQuestion(question).counts_by(low)))
    return std::nullopt;
  return trimmed(text.substr(0, blank));
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
  const bool is_last =
      std::ranges::none_of(pieces.begin() + static_cast<std::ptrdiff_t>(at) + 1, pieces.end(),
                           [](const Piece& piece) { return piece.kind == Kind::kWord; });
  return word == "less" || word == "fewer" || (word == "more" && is_last);
}

/// What stands beside the number and is not asked for, as evidence has it; empty: nothing.
std::string fault_of(const std::vector<Piece>& pieces, const AskedQuestion& asked) {
  const auto phrases = unit_phrases(pieces);
  for (size_t at = 0; at < pieces.size(); ++at) {
    const auto phrase = std::ranges::find(phrases, at, &UnitPhrase::begin);
    if (phrase != phrases.end() && !asked.takes(*phrase) &&
        (is_of_number(pieces, at) || !asked.names_units(*phrase)))
      return "says '" + shortened(phrase->written) +
             (asked.wanted().empty() ? "', which the question does not ask for"
                                     : "' where '" + shortened(asked.wanted()) + "' is asked for");
    if (phrase != phrases.end()) {
      at = phrase->end - 1;
      continue;
    }
    const std::string word(pieces[at].text);
    const bool must_be_asked = normalized(word) == "times" || compares(pieces, at);
    const bool is_named =  // "3 times as many" speaks of no times that could be asked for
        asked.names(word) && (!must_be_asked || asked.counts_by(word));
    const bool joins = kJoining.contains(normalized(word)) && !must_be_asked;
    if (pieces[at].kind == Kind::kWord && !is_named && !joins && !is_count_noun(word))
      return "says '" + shortened(word) +
             (asked.names(word) ? "', which the question does not ask for"
                                : "', which neither the question nor the truth names");
  }
  return "";
}

}  // namespace

std::optional<Quantity> worded_quantity(std::string_view answer, std::string_view question) {
  if (auto read = quantity_of(answer))
    return read;
  const std::string text = in_plain_words(answer);
  std::optional<std::string_view> rest = text;
  for (size_t i = 0; i < kMostWords && rest; ++i) {
    rest = without_last_word(*rest, question);
    if (auto read = rest ? quantity_of(*rest) : std::nullopt)
      return read;
  }
  return std::nullopt;
}

AskedAnswer asked_answer(std::string_view answer, std::string_view question,
                         std::string_view truth) {
  AskedAnswer read{worded_quantity(answer, question)};
  if (!read.number)
    return read;
  const std::string text = with_exponents(in_plain_words(answer));
  const auto pieces = pieces_of(text);
  if (std::ranges::all_of(pieces, [](const Piece& one) { return one.kind == Kind::kNumber; }))
    return read;
  const AskedQuestion asked(question, truth);
  read.fault = fault_of(pieces, asked);
  read.may_be_percent = asked.takes_percent();
  read.must_be_percent = asked.asks_for_percent();
  return read;
}

std::string changing_word(std::string_view answer) {
  const std::string text = in_plain_words(answer);
  for (const Piece& piece : pieces_of(text))
    if (const std::string low = normalized(piece.text);
        kOffering.contains(low) || kGroups.contains(low))
      return std::string(piece.text);
  return "";
}

}  // namespace nelumbo

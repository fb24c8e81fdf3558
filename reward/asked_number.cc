// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_number.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/exponents.h"
#include "reward/lookalikes.h"
#include "reward/units.h"

namespace nelumbo {

namespace {

constexpr size_t kMostWords = 5;
constexpr std::array<std::string_view, 6> kSigns = {"$", "€", "£", "¥", "¢", "°"};
const std::set<std::string> kJoining = {
    "percent", "of",        "in",  "the",   "a",      "an",    "per",
    "each",    "for",       "all", "total", "left",   "every", "altogether",
    "more",    "remaining", "sq",  "cubic", "square", "on",    "at"};
const std::set<std::string> kChanging = {
    "thousand",   "million",    "billion",     "trillion",     "hundred",
    "dozen",      "dozens",     "half",        "halves",       "third",
    "quarter",    "fourth",     "minus",       "plus",         "negative",
    "not",        "no",         "or",          "and",          "to",
    "than",       "between",    "k",           "score",        "e",
    "over",       "thousands",  "millions",    "hundreds",     "twice",
    "double",     "nor",        "but",         "billions",     "trillions",
    "thirds",     "fourths",    "fifths",      "sixths",       "sevenths",
    "eighths",    "ninths",     "tenths",      "hundredths",   "thousandths",
    "millionths", "billionths", "quadrillion", "quadrillions", "lakh",
    "lakhs",      "crore",      "crores",      "gross",        "grosses",
    "myriad",     "myriads",    "tens",        "twelves",      "twenties",
    "negatives",  "minuses",    "doubles",     "triples",      "quadruples"};
/// Words in the plural that count no things, or hold several of them; units of reward/units.h are
/// none, either.
const std::set<std::string> kNoThings = {
    "times",    "less",      "pairs",      "couples", "quarters",    "percents",    "percentages",
    "decades",  "centuries", "fortnights", "bucks",   "pennies",     "nickels",     "dimes",
    "pesos",    "rupees",    "francs",     "acres",   "hectares",    "gallons",     "quarts",
    "pints",    "cups",      "calories",   "watts",   "tablespoons", "teaspoons",   "volts",
    "joules",   "knots",     "bits",       "bytes",   "megabytes",   "gigabytes",   "does",
    "lumens",   "newtons",   "pascals",    "hertz",   "ohms",        "amps",        "amperes",
    "candelas", "coulombs",  "farads",     "teslas",  "sieverts",    "kilowatts",   "decibels",
    "yes",      "perhaps",   "equals",     "always",  "others",      "nanoseconds", "microseconds",
    "fathoms",  "furlongs",  "leagues",    "bushels", "stones",      "carats",      "shillings",
    "yuans",    "zlotys",    "kopecks",    "krones",  "crowns",      "boxes",       "packs",
    "packets",  "packages",  "bags",       "cartons", "crates",      "cases",       "bundles",
    "stacks",   "sets",      "batches",    "bunches", "trays",       "jars",        "bottles",
    "rolls"};
const std::set<std::string> kIrregular = {"people", "men",  "women", "children", "mice",
                                          "geese",  "fish", "sheep", "deer",     "teeth"};
/// By these a question is about money, or about an age.
const std::set<std::string> kOfMoney = {
    "cost",  "pay",  "paid",   "money",  "price",  "bill",    "tax",    "earn",   "spend", "spent",
    "buy",   "sell", "sold",   "bought", "salary", "fee",     "charge", "worth",  "save",  "owe",
    "penny", "dime", "nickel", "coin",   "budget", "expense", "profit", "income", "rent",  "wage"};
const std::set<std::string> kOfAge = {"old", "age", "older", "younger"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The words of a text as they are written, and signs of money and degrees. What a backslash or an
/// apostrophe begins is none, nor the e of a number: "\frac", the s of "Ann's", "1e5".
std::vector<std::string> words_and_signs(std::string_view text) {
  std::vector<std::string> found;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const std::string_view sign : kSigns)
      if (text.substr(at).starts_with(sign))
        found.emplace_back(sign);
    if (!is_letter(text[at]))
      continue;
    size_t end = at;
    while (end < text.size() && is_letter(text[end]))
      ++end;
    const char before = at > 0 ? text[at - 1] : ' ';
    const bool is_exponent = before >= '0' && before <= '9' && end == at + 1 &&
                             (text[at] == 'e' || text[at] == 'E') && end < text.size() &&
                             !is_letter(text[end]) && text[end] != ' ';
    if (before != '\\' && before != '\'' && !is_exponent &&
        static_cast<unsigned char>(before) < 0x80)
      found.emplace_back(text.substr(at, end - at));
    at = end - 1;
  }
  return found;
}

/// "clip" of "Clips", "penny" of "pennies".
std::string stem(const std::string& word) {
  std::string low = normalized(word);
  const auto ends = [&](std::string_view tail) {
    return low.size() > tail.size() + 2 && low.ends_with(tail);
  };
  if (ends("ies"))
    return low.substr(0, low.size() - 3) + "y";
  if (ends("es"))
    return low.substr(0, low.size() - 2);
  return low.substr(0, low.size() - (ends("s") || ends("e") ? 1 : 0));
}

std::set<std::string> stems_of(const std::set<std::string>& words) {
  std::set<std::string> stems;
  for (const std::string& word : words)
    stems.insert(stem(word));
  return stems;
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

bool is_same(const Unit& one, const Unit& other) {
  return one.base == other.base && one.exponent == other.exponent && one.factor == other.factor;
}

/// What a question names.
class Question {
 public:
  explicit Question(std::string_view text) {
    static const std::set<std::string> kMoney = stems_of(kOfMoney), kAge = stems_of(kOfAge);
    for (const std::string& word : words_and_signs(text)) {
      const std::string plain = stem(word);
      stems_.insert(plain);
      is_of_money_ = is_of_money_ || kMoney.contains(plain);
      is_of_age_ = is_of_age_ || kAge.contains(plain);
      const auto unit = unit_named(word);
      if (unit && normalized(word) != "in") {  // which is seldom an inch
        units_.push_back(*unit);
        is_of_money_ = is_of_money_ || is_currency(*unit);
      }
    }
  }

  bool names(const std::string& word) const {
    if (stems_.contains(stem(word)) || kJoining.contains(normalized(word)))
      return true;
    const auto unit = unit_named(word);
    if (!unit)
      return false;
    const bool of_money = is_of_money_ && std::ranges::none_of(units_, is_currency);
    return (of_money && is_same(*unit, *unit_named("dollars"))) ||
           (is_of_age_ && is_same(*unit, *unit_named("years"))) ||
           (word == "mph" && names("miles") && names("hours")) ||
           std::ranges::any_of(units_, [&](const Unit& one) { return is_same(one, *unit); });
  }

 private:
  static bool is_currency(const Unit& unit) {
    return unit.base == "dollar" || unit.base == "euro" || unit.base == "sterling" ||
           unit.base == "yen";
  }

  std::set<std::string> stems_;
  std::vector<Unit> units_;
  bool is_of_money_ = false, is_of_age_ = false;
};

/// With what stands in \text{} as it is, and without stars around all of it.
std::string in_plain_words(std::string_view answer) {
  std::string_view text = trimmed(answer);
  if (text.size() > 4 && text.starts_with("**") && text.ends_with("**"))
    text = text.substr(2, text.size() - 4);
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t begin = 0, end = std::string_view::npos;
    for (const std::string_view head : {"\\text{", "\\mathrm{", "\\textbf{"})
      if (text.substr(at).starts_with(head)) {
        begin = at + head.size();
        end = text.find('}', begin);
      }
    if (end == std::string_view::npos) {
      out += text[at];
    } else {
      out += ' ';
      out += text.substr(begin, end - begin);
      at = end;
    }
  }
  return out;
}

/// Takes the last word off a text; none where what stands there is no word, or changes what stands
/// before it.
std::optional<std::string_view> without_last_word(std::string_view text) {
  const size_t end = text.find_last_not_of(" .,;!");
  if (end == std::string_view::npos)
    return std::nullopt;
  const size_t blank = text.rfind(' ', end);
  if (blank == std::string_view::npos)
    return std::nullopt;
  const std::string_view word = text.substr(blank + 1, end - blank);
  if (!std::ranges::all_of(word, is_letter) || kChanging.contains(normalized(word)))
    return std::nullopt;
  return trimmed(text.substr(0, blank));
}

}  // namespace

std::optional<Quantity> worded_quantity(std::string_view answer) {
  if (auto read = quantity_of(answer))
    return read;
  const std::string text = in_plain_words(answer);
  std::optional<std::string_view> rest = text;
  for (size_t i = 0; i < kMostWords && rest; ++i) {
    rest = without_last_word(*rest);
    if (auto read = rest ? quantity_of(*rest) : std::nullopt)
      return read;
  }
  return std::nullopt;
}

std::string unasked_word(std::string_view answer, std::string_view question) {
  const std::vector<std::string> words =
      words_and_signs(in_plain_words(with_exponents(with_narrow_forms(answer))));
  if (words.empty())
    return "";
  const Question asked(question);
  const auto word = std::ranges::find_if(
      words, [&](const std::string& one) { return !asked.names(one) && !is_count_noun(one); });
  return word == words.end() ? "" : *word;
}

bool names_percent(std::string_view question) {
  return question.find('%') != std::string_view::npos ||
         normalized(question).find("percent") != std::string::npos;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/counted_things.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "reward/answers.h"
#include "reward/asking.h"
#include "reward/units.h"

namespace nelumbo {

namespace {

/// Words in the plural that count no things; units of reward/units.h are none, either.
const std::set<std::string> kNoThings = {
    "times",        "less",      "pairs",      "couples", "quarters", "percents",  "percentages",
    "decades",      "centuries", "fortnights", "bucks",   "pennies",  "nickels",   "dimes",
    "pesos",        "rupees",    "francs",     "acres",   "hectares", "calories",  "watts",
    "volts",        "joules",    "knots",      "bits",    "bytes",    "megabytes", "gigabytes",
    "does",         "lumens",    "newtons",    "pascals", "hertz",    "ohms",      "amps",
    "amperes",      "candelas",  "coulombs",   "farads",  "teslas",   "sieverts",  "kilowatts",
    "decibels",     "yes",       "perhaps",    "equals",  "always",   "others",    "nanoseconds",
    "microseconds", "fathoms",   "furlongs",   "leagues", "bushels",  "stones",    "carats",
    "shillings",    "yuans",     "zlotys",     "kopecks", "krones",   "crowns"};
const std::set<std::string> kContainers = {
    "boxes",  "packs", "packets", "packages", "bags",  "cartons", "crates",  "cases", "bundles",
    "stacks", "sets",  "batches", "bunches",  "trays", "jars",    "bottles", "rolls"};
const std::set<std::string> kIrregular = {"people", "men",  "women", "children", "mice",
                                          "geese",  "fish", "sheep", "deer",     "teeth"};
/// Parts, without the "s" of the plural.
const std::set<std::string> kParts = {
    "third",     "fourth",    "fifth",       "sixth",      "seventh",    "eighth",
    "ninth",     "tenth",     "eleventh",    "twelfth",    "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
    "thirtieth", "fortieth",  "fiftieth",    "sixtieth",   "seventieth", "eightieth",
    "ninetieth", "hundredth", "thousandth",  "millionth",  "billionth"};
constexpr std::array<std::string_view, 21> kNumbers = {
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
const std::set<std::string> kAmounts = {
    "thirty", "forty",  "fifty", "sixty",   "seventy", "eighty", "ninety", "once",
    "thrice", "few",    "some",  "several", "many",    "more",   "less",   "another",
    "other",  "others", "up",    "above",   "below",   "beyond", "so",     "any"};
/// Between things that stand beside each other, of which the first tell that they do. A comma does
/// not: "30 pets, 12 dogs".
const std::set<std::string> kJoining = {"and", "or", "than", "as"};
const std::set<std::string> kFilling = {"the",  "a",     "of",   "number", "many", "more", "fewer",
                                        "less", "other", "some", "are",    "were", "is",   "rest"};

/// Whether the things are said to be some of others: "8 are girls", "8 of the pupils are girls".
bool is_said_of_some(const std::string& stem, const std::vector<Piece>& pieces) {
  constexpr size_t kFar = 5;
  for (size_t at = 1; at + 1 < pieces.size(); ++at) {
    const std::string low = normalized(pieces[at].text);
    if ((low != "are" && low != "were") || word_stem(pieces[at + 1].text) != stem)
      continue;
    bool has_number = false, asks = false;
    for (size_t before = at; before-- > 0 && at - before <= kFar;) {
      const Piece& piece = pieces[before];
      if (piece.kind == Piece::Kind::kSign)
        break;
      has_number = has_number || piece.kind == Piece::Kind::kNumber;
      asks = asks || normalized(piece.text) == "many";
    }
    if (has_number && !asks)
      return true;
  }
  return false;
}

}  // namespace

bool is_count_noun(std::string_view word) {
  const std::string low = normalized(word);
  if (kIrregular.contains(low))
    return true;
  const bool is_plural = low.size() > 3 && low.ends_with('s') && !low.ends_with("ss") &&
                         !low.ends_with("us") && !low.ends_with("is");
  return is_plural && !unit_named(word) && !kNoThings.contains(low) && !kContainers.contains(low);
}

bool is_container(std::string_view word) {
  return kContainers.contains(normalized(word));
}

bool is_set_apart(std::string_view word, const std::vector<Piece>& pieces,
                  const std::set<std::string>& asked) {
  const std::string stem = word_stem(word);
  if (asked.contains(stem))
    return false;
  if (is_said_of_some(stem, pieces))
    return true;
  // 1 and 2 stand for the two kinds of things, 0 for what parts them.
  int last = 0;
  bool is_joined = false;
  for (const Piece& piece : pieces) {
    const std::string low =
        piece.kind == Piece::Kind::kSign ? std::string(piece.text) : normalized(piece.text);
    const bool is_noun = piece.kind == Piece::Kind::kWord && is_count_noun(piece.text);
    const int kind = !is_noun                         ? 0
                     : word_stem(low) == stem         ? 1
                     : asked.contains(word_stem(low)) ? 2
                                                      : 0;
    if (kind != 0) {
      if (last != 0 && last != kind && is_joined)
        return true;
      last = kind;
      is_joined = false;
    } else if (kJoining.contains(low)) {
      is_joined = true;
    } else if (piece.kind != Piece::Kind::kNumber && !kFilling.contains(low)) {
      last = 0;
    }
  }
  return false;
}

std::string plural_of(std::string_view text) {
  const std::string one(text);
  const auto ends = [&](std::string_view tail) { return normalized(one).ends_with(tail); };
  for (const std::string_view tail : {"s", "x", "z", "ch", "sh"})
    if (ends(tail))
      return one + "es";
  for (const std::string_view tail : {"ay", "ey", "oy", "uy"})
    if (ends(tail))
      return one + "s";
  return ends("y") ? one.substr(0, one.size() - 1) + "ies" : one + "s";
}

std::vector<std::string> with_plurals(std::vector<std::string> names) {
  constexpr size_t kShortest = 3;
  for (size_t i = 0, n = names.size(); i < n; ++i)
    if (names[i].size() >= kShortest)
      names.push_back(plural_of(names[i]));
  return names;
}

std::optional<int64_t> number_word(std::string_view word) {
  const auto found = std::ranges::find(kNumbers, normalized(word));
  return found == kNumbers.end() ? std::nullopt : std::optional(found - kNumbers.begin());
}

bool is_amount_word(std::string_view word) {
  return number_word(word) || kAmounts.contains(normalized(word));
}

bool is_part(std::string_view word) {
  const std::string low = normalized(word);
  if (low == "third" || low == "fourth")  // the others are also which one: "72 fifth graders"
    return true;
  return low.ends_with('s') && kParts.contains(low.substr(0, low.size() - 1));
}

}  // namespace nelumbo

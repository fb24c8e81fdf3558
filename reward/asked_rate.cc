// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_rate.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "reward/answers.h"

namespace nelumbo {

namespace {

using Words = std::set<std::string_view>;

const Words kOfEach = {"each", "every", "per",    "apiece",  "average", "rate",   "speed", "fast",
                       "pace", "daily", "weekly", "monthly", "yearly",  "hourly", "annual"};
/// Of what was parted each has the same, wherever a question tells of it.
const Words kParted = {"equal", "equally", "evenly", "split", "share", "divide", "distribute"};
const Words kPrices = {"cost", "price", "charge", "worth"};
const Words kOne = {"a", "an", "one", "single"};
/// Words that tell of a time under the line.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTimesOf = {
    {{"annually", "year"},
     {"annual", "year"},
     {"yearly", "year"},
     {"monthly", "month"},
     {"weekly", "week"},
     {"daily", "day"},
     {"hourly", "hour"}}};

class RateReader {
 public:
  RateReader(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases)
      : pieces_(pieces), phrases_(phrases) {
    static const std::set<std::string> kStems = stems_of(kParted);
    rate_.of_each = std::ranges::any_of(
        pieces, [](const Piece& piece) { return kStems.contains(word_stem(piece.text)); });
  }

  void read(const AskingClause& clause) {
    static const std::set<std::string> kStems = stems_of(kPrices);
    bool is_of_price = false, is_of_one = false;
    for (size_t at = clause.begin; at < clause.end; ++at) {
      const std::string word = normalized(pieces_[at].text);
      rate_.of_each = rate_.of_each || (kOfEach.contains(word) && !is_told(at));
      is_of_price = is_of_price || kStems.contains(word_stem(word));
      is_of_one = is_of_one || kOne.contains(word);
      for (const auto& [name, unit] : kTimesOf)
        if (word == name)
          rate_.below.push_back(*unit_named(unit));
    }
    rate_.of_each = rate_.of_each || (is_of_price && is_of_one);
    for (const UnitPhrase& phrase : phrases_)
      if (phrase.begin >= clause.begin && phrase.end <= clause.end && !is_told(phrase.begin))
        take(phrase);
  }

  AskedRate rate() && { return std::move(rate_); }

 private:
  /// Whether a number stands before what is at `at`: "$2 each", "8 hours a day", "a 40-hour week".
  bool is_told(size_t at) const {
    constexpr size_t kFar = 2;
    const auto end = pieces_.begin() + static_cast<std::ptrdiff_t>(at);
    return std::any_of(
        end - static_cast<std::ptrdiff_t>(std::min(at, kFar)), end,
        [](const Piece& piece) { return piece.kind == Piece::Kind::kNumber && piece.text != "1"; });
  }

  /// "Per hour", and "in an hour", but not "in some hours".
  void take(const UnitPhrase& phrase) {
    const bool is_one = phrase.below.empty() && !phrase.written.ends_with('s');
    std::ranges::copy(is_one ? phrase.above : phrase.below, std::back_inserter(rate_.below));
  }

  const std::vector<Piece>& pieces_;
  const std::vector<UnitPhrase>& phrases_;
  AskedRate rate_;
};

}  // namespace

AskedRate asked_rate(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases,
                     const std::vector<AskingClause>& clauses) {
  RateReader reader(pieces, phrases);
  for (const AskingClause& clause : clauses)
    reader.read(clause);
  return std::move(reader).rate();
}

}  // namespace nelumbo

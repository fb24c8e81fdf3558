// SPDX-License-Identifier: Apache-2.0
#include "reward/asked_question.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "reward/answers.h"
#include "reward/asking.h"
#include "reward/counted_things.h"

namespace nelumbo {

namespace {

using Words = std::set<std::string_view>;

/// By these a question is about money, or about an age.
const Words kOfMoney = {
    "cost",    "pay",     "paid",     "money",     "price",     "bill",       "tax",        "earn",
    "spend",   "spent",   "buy",      "sell",      "sold",      "bought",     "salary",     "fee",
    "charge",  "worth",   "save",     "owe",       "penny",     "dime",       "nickel",     "coin",
    "budget",  "expense", "profit",   "income",    "rent",      "wage",       "cash",       "tip",
    "fine",    "buck",    "prize",    "lottery",   "jackpot",   "donation",   "donate",     "loan",
    "debt",    "refund",  "discount", "allowance", "deposit",   "invest",     "investment", "bonus",
    "revenue", "reward",  "interest", "mortgage",  "insurance", "commission", "fund",       "toll",
    "rupee",   "peso",    "franc",    "yuan",      "ruble",     "shilling"};
const Words kOfAge = {"old", "age", "older", "younger"};
/// Other measures than those of reward/units.h, and what asks for one without its name.
const Words kOtherMeasures = {"acre", "hectare", "calorie", "watt",
                              "volt", "weigh",   "weight",  "percent"};

const Words kOfMore = {"more",       "another", "additional", "extra", "need",  "left",   "still",
                       "than",       "further", "remain",     "reach", "until", "before", "exceed",
                       "difference", "fewer",   "less",       "short", "above", "goal",   "fill",
                       "must",       "enough",  "increase",   "wait",  "again", "add",    "longer"};

/// "How many pens does Tim have?"
const Words kBeforeNames = {"do",   "does",  "did", "is",    "was",    "has", "had",
                            "will", "would", "can", "could", "should", "must"};

const std::set<std::string>& money_stems() {
  static const std::set<std::string> kStems = stems_of(kOfMoney);
  return kStems;
}

bool shares(const std::set<std::string>& some, const std::set<std::string>& others) {
  return std::ranges::any_of(some, [&](const std::string& one) { return others.contains(one); });
}

bool is_currency(const Unit& unit) {
  return unit.base == "dollar" || unit.base == "euro" || unit.base == "sterling" ||
         unit.base == "yen";
}
bool is_foreign(const Unit& unit) {
  return is_currency(unit) && unit.base != "dollar";
}
bool is_scale(const Unit& unit) {
  return unit.base == "celsius" || unit.base == "fahrenheit" || unit.base == "kelvin";
}
bool is_time(const Unit& unit) {
  return unit.base == "s" || unit.base == "month";
}
bool is_length(const Unit& unit) {
  return unit.base == "m" || unit.base == "m/s";
}
bool is_degree(const Unit& unit) {
  return unit.base == "degree";
}

bool holds(const std::vector<Unit>& units, const Unit& unit) {
  return std::ranges::any_of(units, [&](const Unit& one) { return is_same_unit(one, unit); });
}

/// The words that are written with a capital alone: "Ann".
std::set<std::string> names_in(const std::vector<Piece>& pieces) {
  std::set<std::string> names, others;
  for (const Piece& piece : pieces) {
    const bool is_name = is_ascii_capital(piece.text[0]);
    (is_name ? names : others).insert(normalized(piece.text));
  }
  std::erase_if(names, [&](const std::string& name) { return others.contains(name); });
  return names;
}

}  // namespace

AskedQuestion::AskedQuestion(std::string_view question, std::string_view truth) : text_(question) {
  read(pieces_of(text_));
  const auto pieces = pieces_of(truth);
  for (const Piece& piece : pieces)
    stems_.insert(word_stem(piece.text));
  const auto phrases = unit_phrases(pieces);
  for (const UnitPhrase& phrase : phrases)
    for (const auto* units : {&phrase.above, &phrase.below}) {
      named_.insert(named_.end(), units->begin(), units->end());
      asked_.insert(asked_.end(), units->begin(), units->end());
    }
  for (const UnitPhrase& phrase : phrases)
    rate_.below.insert(rate_.below.end(), phrase.below.begin(), phrase.below.end());
}

void AskedQuestion::read(const std::vector<Piece>& pieces) {
  static const std::set<std::string> kAge = stems_of(kOfAge), kMeasures = stems_of(kOtherMeasures);
  const auto phrases = unit_phrases(pieces);
  for (const Piece& piece : pieces) {
    has_percent_ = has_percent_ || piece.text == "%";
    if (piece.kind == Piece::Kind::kWord)
      stems_.insert(word_stem(piece.text));
  }
  for (const UnitPhrase& phrase : phrases)
    for (const auto* units : {&phrase.above, &phrase.below})
      named_.insert(named_.end(), units->begin(), units->end());
  const Asking asking = asking_of(pieces, phrases);
  for (const UnitPhrase* phrase : asking.units) {
    asked_.insert(asked_.end(), phrase->above.begin(), phrase->above.end());
    if (wanted_.empty())
      wanted_ = phrase->written;
  }
  asked_stems_ = asking.stems;
  says_what_ = asking.says_what;
  asks_one_way_ = asking.one_way;
  measure_ = asking.measure;
  asks_speed_ = asking.speed && std::ranges::any_of(named_, is_length);
  rate_ = asked_rate(pieces, phrases, asking.clauses);
  names_ = names_in(pieces);
  for (const AskingClause& clause : asking.clauses)
    read_names(pieces, clause);
  asks_percent_ = asking.percent;
  asks_amount_ = asking.amount;
  asks_measure_ = asking.measured;
  asks_money_ = asking.money;
  is_of_age_ = shares(stems_, kAge);
  has_percent_ = has_percent_ || stems_.contains("percent") || stems_.contains("percentag");
  const bool measures =
      shares(stems_, kMeasures) || std::ranges::any_of(phrases, [](const UnitPhrase& phrase) {
        return std::ranges::any_of(phrase.above, [](const Unit& one) { return !is_currency(one); });
      });
  const bool names_money = std::ranges::any_of(named_, is_currency);
  is_of_money_ = shares(stems_, money_stems()) || names_money || (asking.how_much && !measures);
  const bool weighs = std::ranges::any_of(
      named_, [](const Unit& one) { return !is_currency(one) && !is_time(one); });
  if (measure_ == Measured::kOpen)
    measure_ = names_money && !weighs ? Measured::kMoney : Measured::kUnknown;
}

void AskedQuestion::read_names(const std::vector<Piece>& pieces, const AskingClause& clause) {
  for (size_t at = clause.begin + 1; at < clause.end; ++at) {
    const std::string name = normalized(pieces[at].text);
    asking_stems_.insert(word_stem(name));
    if (pieces[at].kind == Piece::Kind::kWord && normalized(pieces[at - 1].text) == "not")
      denied_.insert(name);
    if (!names_.contains(name))
      continue;
    asked_names_.insert(name);
    const std::string_view behind = text_.substr(
        static_cast<size_t>(pieces[at].text.data() - text_.data()) + pieces[at].text.size());
    const bool is_owner = behind.starts_with("'") || behind.starts_with("’");
    asks_by_name_ =
        asks_by_name_ || (!is_owner && kBeforeNames.contains(normalized(pieces[at - 1].text)));
  }
}

bool AskedQuestion::names(std::string_view word) const {
  return stems_.contains(word_stem(word));
}

bool AskedQuestion::asks_with(std::string_view word) const {
  return asking_stems_.contains(word_stem(word));
}

bool AskedQuestion::counts_by(std::string_view word) const {
  return asked_stems_.contains(word_stem(word));
}

bool AskedQuestion::sets_apart(std::string_view word) const {
  return says_what_ && is_set_apart(word, pieces_of(text_), asked_stems_);
}

bool AskedQuestion::measures_no(std::string_view word) const {
  if (counts_by(word))
    return false;
  if (measure_ == Measured::kMoney)
    return !money_stems().contains(word_stem(word));
  if (says_what_ && !wanted_.empty())
    return true;
  if (measure_ == Measured::kUnknown)
    return false;
  const auto fits = [&](const Unit& one) { return fits_measure(one); };
  return measure_ == Measured::kAge || std::ranges::any_of(named_, fits) || !names(word);
}

bool AskedQuestion::may_ask_for(std::string_view word) const {
  const auto unit = unit_named(word);
  const auto is_alike = [&](const Unit& one) {
    return one.base == unit->base || (is_time(one) && is_time(*unit));
  };
  if (counts_by(word) || (unit && std::ranges::any_of(asked_, is_alike)))
    return true;
  if (measure_ == Measured::kUnknown)
    return !says_what_;
  return unit ? fits_measure(*unit) : measure_ != Measured::kMoney;
}

bool AskedQuestion::counts_no(std::string_view word) const {
  return says_what_ && !counts_by(word);
}

bool AskedQuestion::speaks_of_more() const {
  static const std::set<std::string> kStems = stems_of(kOfMore);
  return shares(stems_, kStems);
}

bool AskedQuestion::asks_for_percent() const {
  return says_what_ && has_percent_ && counts_by("percent");
}

bool AskedQuestion::takes_percent() const {
  return says_what_ ? asks_for_percent() : has_percent_ && (asks_percent_ || !asks_amount_);
}

bool AskedQuestion::takes_dollars() const {
  const bool names_dollars = holds(named_, *unit_named("dollars"));
  if (!is_of_money_ || (!names_dollars && std::ranges::any_of(named_, is_foreign)))
    return false;
  return says_what_ ? asks_money_ : !asks_one_way_ && !asks_measure_;
}

bool AskedQuestion::is_asked(const Unit& unit) const {
  const std::vector<Unit>& among = says_what_ ? asked_ : named_;
  const Unit dollars = *unit_named("dollars");
  if (unit.base == dollars.base && !says_what_ && holds(named_, dollars))
    return is_same_unit(unit, dollars) && takes_dollars();  // cents would be asked for
  if (holds(among, unit) || (is_degree(unit) && std::ranges::any_of(among, is_scale)) ||
      (is_scale(unit) && holds(named_, unit) && std::ranges::any_of(among, is_degree)))
    return true;
  if (is_same_unit(unit, dollars))
    return takes_dollars();
  if (is_of_age_ && !says_what_ && is_same_unit(unit, *unit_named("years")))
    return true;
  return asked_.empty() && unit.base == "g" && holds(named_, unit);  // 5 kg of grapes
}

bool AskedQuestion::is_power(const Unit& unit) const {
  return !says_what_ && !is_currency(unit) && (unit.exponent == 1 || !asks_one_way_) &&
         std::ranges::any_of(named_, [&](const Unit& one) {
           const auto factor = power(one.factor, unit.exponent);
           return one.base == unit.base && factor && factor == power(unit.factor, one.exponent);
         });
}

bool AskedQuestion::names_units(const UnitPhrase& phrase) const {
  const auto is_named = [&](const Unit& one) { return holds(named_, one); };
  return std::ranges::all_of(phrase.above, is_named) && std::ranges::all_of(phrase.below, is_named);
}

bool AskedQuestion::takes_below(const Unit& unit) const {
  if (holds(rate_.below, unit))
    return true;
  const bool is_other_time = is_time(unit) && std::ranges::any_of(rate_.below, is_time);
  return rate_.of_each && !is_other_time && holds(named_, unit);
}

bool AskedQuestion::mistakes_speed(const UnitPhrase& phrase) const {
  return asks_speed_ && phrase.below.empty() && std::ranges::all_of(phrase.above, is_time);
}

bool AskedQuestion::fits_measure(const Unit& unit) const {
  if (holds(asked_, unit))
    return true;
  switch (measure_) {
    case Measured::kMoney:
      return is_currency(unit);
    case Measured::kWeight:
      return unit.base == "g";
    case Measured::kAge:
      return is_time(unit);
    case Measured::kLength:
      return unit.base == "m" && unit.exponent == 1;
    case Measured::kLengthOrTime:
      return is_time(unit) || (unit.base == "m" && unit.exponent == 1);
    case Measured::kArea:
      return unit.base == "m" && unit.exponent == 2;
    default:
      return true;
  }
}

bool AskedQuestion::takes(const UnitPhrase& phrase) const {
  if (mistakes_speed(phrase) ||
      !std::ranges::all_of(phrase.above, [&](const Unit& one) { return fits_measure(one); }) ||
      !std::ranges::all_of(phrase.below, [&](const Unit& one) { return takes_below(one); }))
    return false;
  const std::set<std::string>& stems = says_what_ ? asked_stems_ : stems_;
  if (stems.contains(word_stem(phrase.written)) &&  // "KGs", which is in no table
      std::ranges::none_of(phrase.above, is_currency))
    return true;
  return std::ranges::all_of(phrase.above,
                             [&](const Unit& one) { return is_asked(one) || is_power(one); });
}

std::shared_ptr<const AskedQuestion> asked_question(std::string_view question,
                                                    std::string_view truth) {
  struct Kept {
    std::string question, truth;
    std::shared_ptr<const AskedQuestion> read;
  };
  thread_local Kept without_truth, with_truth;
  Kept& kept = truth.empty() ? without_truth : with_truth;
  if (kept.read == nullptr || kept.question != question || kept.truth != truth)
    kept = {std::string(question), std::string(truth),
            std::make_shared<const AskedQuestion>(question, truth)};
  return kept.read;
}

}  // namespace nelumbo

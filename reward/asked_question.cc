// SPDX-License-Identifier: Apache-2.0
//
// What a question asks for stands behind "how many", up to a verb, a preposition, a number or a
// mark, or a second measure: "how many square feet of carpet | does she need", "how many days | the
// following week". Where it asks with other words it may stand behind "in", at the end or before a
// verb: "what is its length in meters?". Only sentences that ask count,
// those with a question mark or the last one; when one of them says nothing of the kind, what is
// asked for is unknown, and any unit will do that the question names.
#include "reward/asked_question.h"

#include <algorithm>
#include <span>

#include "reward/answers.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;
using Words = std::set<std::string_view>;

/// By these a question is about money, or about an age.
const Words kOfMoney = {
    "cost",    "pay",     "paid",     "money",     "price",     "bill",       "tax",        "earn",
    "spend",   "spent",   "buy",      "sell",      "sold",      "bought",     "salary",     "fee",
    "charge",  "worth",   "save",     "owe",       "penny",     "dime",       "nickel",     "coin",
    "budget",  "expense", "profit",   "income",    "rent",      "wage",       "cash",       "tip",
    "fine",    "buck",    "prize",    "lottery",   "jackpot",   "donation",   "donate",     "loan",
    "debt",    "refund",  "discount", "allowance", "deposit",   "invest",     "investment", "bonus",
    "revenue", "reward",  "interest", "mortgage",  "insurance", "commission", "fund",       "toll"};
const Words kOfAge = {"old", "age", "older", "younger"};
/// What counts money where it is asked how many or how much of it.
const Words kMoneyItself = {"money", "cash", "dollar", "buck"};
/// Other measures than those of reward/units.h, and what asks for one without its name.
const Words kOtherMeasures = {"acre", "hectare", "calorie", "watt",
                              "volt", "weigh",   "weight",  "percent"};
/// Where the name of what is asked for ends.
const Words kBehind = {
    "do",         "does",  "did",    "is",     "are",    "was",     "were",    "will", "would",
    "can",        "could", "should", "shall",  "has",    "have",    "had",     "must", "may",
    "might",      "in",    "on",     "at",     "from",   "to",      "by",      "for",  "with",
    "than",       "if",    "when",   "after",  "before", "between", "during",  "that", "which",
    "who",        "whose", "left",   "remain", "there",  "it",      "he",      "she",  "they",
    "we",         "you",   "i",      "as",     "until",  "while",   "because", "so",   "then",
    "altogether", "into",  "since",  "where",  "not"};
/// Behind these a unit tells of a time: "how many books this week".
const Words kTelling = {"the", "this", "next", "last", "following", "previous"};
/// Before these the unit of "in meters" ends: "how much time in hours does he spend".
const Words kBehindUnit = {"if",     "when", "after", "do",   "does",  "did", "is",
                           "are",    "was",  "were",  "will", "would", "can", "could",
                           "should", "has",  "have",  "had",  "must",  "of"};
/// Words between "how much" and a verb: "how much more did she pay".
const Words kMore = {"more", "less", "total", "extra"};
const Words kCommands = {"what", "calculate", "find", "determine", "compute", "give", "state"};
/// By "how" and these a length or a time is asked for, never an area.
const Words kOneWay = {"long", "far",    "tall",    "high",   "wide",   "deep",  "thick",
                       "old",  "longer", "farther", "taller", "higher", "wider", "deeper"};
constexpr size_t kMostWords = 10;

std::set<std::string> stems_of(const Words& words) {
  std::set<std::string> stems;
  for (const std::string_view word : words)
    stems.insert(word_stem(word));
  return stems;
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
bool is_degree(const Unit& unit) {
  return unit.base == "degree";
}

bool holds(const std::vector<Unit>& units, const Unit& unit) {
  return std::ranges::any_of(units, [&](const Unit& one) { return is_same_unit(one, unit); });
}

bool is_stop(const Piece& piece) {
  return piece.kind == Kind::kSign && (piece.text == "." || piece.text == "?" || piece.text == "!");
}

/// One sentence: its first piece, and the one behind its last.
struct Sentence {
  size_t begin, end;
  bool asks;
};

std::vector<Sentence> sentences_of(const std::vector<Piece>& pieces) {
  std::vector<Sentence> all;
  size_t begin = 0;
  for (size_t at = 0; at <= pieces.size(); ++at) {
    if (at < pieces.size() && !is_stop(pieces[at]))
      continue;
    if (at > begin)
      all.push_back({begin, at, at < pieces.size() && pieces[at].text == "?"});
    begin = at + 1;
  }
  if (!all.empty() && std::ranges::none_of(all, &Sentence::asks))
    all.back().asks = true;
  std::erase_if(all, [](const Sentence& one) { return !one.asks; });
  return all;
}

/// What the sentences that ask say of what they ask for.
class Asking {
 public:
  Asking(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases)
      : phrases_(phrases) {
    for (const Piece& piece : pieces)
      words_.push_back(normalized(piece.text));
    const auto sentences = sentences_of(pieces);
    says_what = !sentences.empty();
    for (const Sentence& one : sentences)
      says_what = read(pieces, one) && says_what;
  }

  std::set<std::string> stems;           ///< of the words that name it, but for units
  std::vector<const UnitPhrase*> units;  ///< that name it
  bool says_what = false, how_much = false, one_way = false;

 private:
  /// Whether the sentence says what it asks for.
  bool read(const std::vector<Piece>& pieces, const Sentence& sentence) {
    bool says = false, is_open = false;
    for (size_t at = sentence.begin; at + 1 < sentence.end; ++at) {
      const std::string &word = words_[at], &next = words_[at + 1];
      if (word == "how" && next == "many") {
        says = take_name(pieces, at + 2, sentence.end) || says;
      } else if (word == "how" && next == "much") {
        is_open = true;
        how_much = how_much || is_bare(at + 2, sentence.end);
      } else if (word == "how") {
        one_way = one_way || kOneWay.contains(next);
        is_open = true;
      } else if (word == "number" && next == "of" && is_commanded(at, sentence.begin)) {
        says = take_name(pieces, at + 2, sentence.end) || says;
      } else if (word == "in") {
        stems.insert(word_stem(next));  // "in millions"
      }
    }
    if (!says)
      says = take_unit_at_end(pieces, sentence);
    else if (is_open)
      says = false;
    return says;
  }

  /// Whether behind "how much" no name follows: "how much did she pay".
  bool is_bare(size_t at, size_t end) const {
    while (at < end && kMore.contains(words_[at]))
      ++at;
    return at >= end || kBehind.contains(words_[at]) ||
           std::ranges::any_of(kMoneyItself, [&](std::string_view word) {
             return word_stem(words_[at]) == word_stem(word);
           });
  }

  /// "calculate the total number of"
  bool is_commanded(size_t at, size_t begin) const {
    constexpr size_t kFar = 5;
    const size_t from = at - begin > kFar ? at - kFar : begin;
    return std::ranges::any_of(std::span(words_).subspan(from, at - from),
                               [](const std::string& word) { return kCommands.contains(word); });
  }

  /// Whether there is one.
  bool take_name(const std::vector<Piece>& pieces, size_t at, size_t end) {
    const size_t begin = at;
    size_t taken = 0;
    for (; at < end && taken < kMostWords; ++taken) {
      const auto phrase = std::ranges::find(phrases_, at, &UnitPhrase::begin);
      if (phrase != phrases_.end()) {
        if (!goes_on_at(at, begin))
          break;
        units.push_back(&*phrase);
        at = phrase->end;
        continue;
      }
      const bool goes_on = pieces[at].text == "-" || pieces[at].text == "/";
      if (pieces[at].kind == Kind::kNumber || kBehind.contains(words_[at]) ||
          (pieces[at].kind == Kind::kSign && !goes_on))
        break;
      stems.insert(word_stem(words_[at]));
      ++at;
    }
    return taken > 0;
  }

  /// Whether the unit at `at` belongs to what is asked for: the first one, unless a time is told
  /// with it ("hours this week"), and one beside another: "feet and inches".
  bool goes_on_at(size_t at, size_t begin) const {
    if (at == begin)
      return true;
    const bool is_time =
        kTelling.contains(words_[at - 1]) && (at < begin + 2 || words_[at - 2] != "of");
    const auto ends_at = [&](size_t end) {
      return std::ranges::any_of(units, [&](const UnitPhrase* one) { return one->end == end; });
    };
    const bool is_joined = words_[at - 1] == "and" || words_[at - 1] == "or";
    return !is_time && (units.empty() || ends_at(at) || (is_joined && ends_at(at - 1)));
  }

  /// "What is its length in square meters?"
  bool take_unit_at_end(const std::vector<Piece>& pieces, const Sentence& sentence) {
    bool found = false;
    for (const UnitPhrase& phrase : phrases_) {
      if (phrase.begin <= sentence.begin || phrase.end > sentence.end || phrase.above.empty() ||
          words_[phrase.begin - 1] != "in")
        continue;
      const bool ends = phrase.end == sentence.end || pieces[phrase.end].kind == Kind::kSign ||
                        kBehindUnit.contains(words_[phrase.end]);
      if (ends)
        units.push_back(&phrase);
      found = found || ends;
    }
    return found;
  }

  const std::vector<UnitPhrase>& phrases_;
  std::vector<std::string> words_;
};

}  // namespace

AskedQuestion::AskedQuestion(std::string_view question, std::string_view truth) {
  read(pieces_of(question));
  const auto pieces = pieces_of(truth);
  for (const Piece& piece : pieces)
    stems_.insert(word_stem(piece.text));
  for (const UnitPhrase& phrase : unit_phrases(pieces))
    for (const auto* units : {&phrase.above, &phrase.below}) {
      named_.insert(named_.end(), units->begin(), units->end());
      asked_.insert(asked_.end(), units->begin(), units->end());
    }
}

void AskedQuestion::read(const std::vector<Piece>& pieces) {
  static const std::set<std::string> kMoney = stems_of(kOfMoney), kAge = stems_of(kOfAge),
                                     kMeasures = stems_of(kOtherMeasures);
  const auto phrases = unit_phrases(pieces);
  for (const Piece& piece : pieces) {
    has_percent_ = has_percent_ || piece.text == "%";
    if (piece.kind == Kind::kWord)
      stems_.insert(word_stem(piece.text));
  }
  for (const UnitPhrase& phrase : phrases)
    for (const auto* units : {&phrase.above, &phrase.below})
      named_.insert(named_.end(), units->begin(), units->end());
  const Asking asking(pieces, phrases);
  for (const UnitPhrase* phrase : asking.units) {
    asked_.insert(asked_.end(), phrase->above.begin(), phrase->above.end());
    if (wanted_.empty())
      wanted_ = phrase->written;
  }
  asked_stems_ = asking.stems;
  says_what_ = asking.says_what;
  asks_one_way_ = asking.one_way;
  is_of_age_ = shares(stems_, kAge);
  has_percent_ = has_percent_ || stems_.contains("percent") || stems_.contains("percentag");
  const bool measures =
      shares(stems_, kMeasures) || std::ranges::any_of(phrases, [](const UnitPhrase& phrase) {
        return std::ranges::any_of(phrase.above, [](const Unit& one) { return !is_currency(one); });
      });
  is_of_money_ = shares(stems_, kMoney) || std::ranges::any_of(named_, is_currency) ||
                 (asking.how_much && !measures);
}

bool AskedQuestion::names(std::string_view word) const {
  return stems_.contains(word_stem(word));
}

bool AskedQuestion::counts_by(std::string_view word) const {
  return asked_stems_.contains(word_stem(word));
}

bool AskedQuestion::takes_percent() const {
  return has_percent_ && (!says_what_ || counts_by("percent") || counts_by("percentage"));
}

bool AskedQuestion::takes_dollars() const {
  static const std::set<std::string> kItself = stems_of(kMoneyItself);
  return is_of_money_ && std::ranges::none_of(named_, is_foreign) &&
         (!says_what_ || shares(asked_stems_, kItself));
}

bool AskedQuestion::is_asked(const Unit& unit) const {
  const std::vector<Unit>& among = says_what_ ? asked_ : named_;
  if (holds(among, unit) || (is_degree(unit) && std::ranges::any_of(among, is_scale)) ||
      (is_scale(unit) && holds(named_, unit) && std::ranges::any_of(among, is_degree)))
    return true;
  if (unit.base == "dollar" && is_same_unit(unit, *unit_named("dollars")))
    return takes_dollars();
  if (is_of_age_ && !says_what_ && is_same_unit(unit, *unit_named("years")))
    return true;
  return asked_.empty() && unit.base == "g" && holds(named_, unit);  // 5 kg of grapes
}

bool AskedQuestion::is_power(const Unit& unit) const {
  return !says_what_ && (unit.exponent == 1 || !asks_one_way_) &&
         std::ranges::any_of(named_, [&](const Unit& one) {
           const auto factor = power(one.factor, unit.exponent);
           return one.base == unit.base && factor && factor == power(unit.factor, one.exponent);
         });
}

bool AskedQuestion::names_units(const UnitPhrase& phrase) const {
  const auto is_named = [&](const Unit& one) { return holds(named_, one); };
  return std::ranges::all_of(phrase.above, is_named) && std::ranges::all_of(phrase.below, is_named);
}

bool AskedQuestion::takes(const UnitPhrase& phrase) const {
  const std::set<std::string>& stems = says_what_ ? asked_stems_ : stems_;
  if (stems.contains(word_stem(phrase.written)))  // "KGs", which is in no table
    return true;
  return std::ranges::all_of(phrase.above,
                             [&](const Unit& one) { return is_asked(one) || is_power(one); }) &&
         std::ranges::all_of(phrase.below, [&](const Unit& one) { return holds(named_, one); });
}

std::string word_stem(std::string_view word) {
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

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// What a question asks for stands behind "how many", up to a verb, a preposition, a number or a
// mark, or a second measure: "how many square feet of carpet | does she need", "how many days | the
// following week". Where it asks with other words it may stand behind "in", at the end or before a
// verb: "what is its length in meters?". Only sentences that ask count,
// those with a question mark or the last one; when one of them says nothing of the kind, what is
// asked for is unknown, and any unit will do that the question names.
#include "reward/asking.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "reward/answers.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;
using Words = std::set<std::string_view>;

/// What counts money where it is asked how many or how much of it.
const Words kMoneyItself = {"money", "cash", "dollar", "buck"};
/// "How much" of these is money, too.
const Words kSums = {"money", "cash", "profit", "change", "income", "salary", "rent"};
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
/// Where a condition begins: "if each has 3, how many are there", "how many are there if ..".
const Words kConditions = {"if", "when", "given", "assuming", "suppose", "since", "considering"};
const Words kCommands = {"what", "calculate", "find", "determine", "compute", "give", "state"};
/// By "how" and these it is said what is measured; nothing is by "how high was the fever".
const std::map<std::string_view, Measured> kMeasures = {
    {"heavy", Measured::kWeight},      {"heavier", Measured::kWeight},
    {"old", Measured::kAge},           {"older", Measured::kAge},
    {"long", Measured::kLengthOrTime}, {"longer", Measured::kLengthOrTime},
    {"far", Measured::kLength},        {"farther", Measured::kLength},
    {"tall", Measured::kLength},       {"taller", Measured::kLength},
    {"wide", Measured::kLength},       {"wider", Measured::kLength},
    {"deep", Measured::kLength},       {"deeper", Measured::kLength},
    {"thick", Measured::kLength},      {"high", Measured::kUnknown},
    {"higher", Measured::kUnknown}};
/// By "what is the" and these.
const std::map<std::string_view, Measured> kNamedMeasures = {
    {"area", Measured::kArea},     {"cost", Measured::kMoney}, {"price", Measured::kMoney},
    {"weight", Measured::kWeight}, {"age", Measured::kAge},    {"distance", Measured::kLength}};
/// A question with one of these, or with "how many" or "how much", is about an amount, no share.
const Words kOfAmounts = {"price", "cost",   "money", "amount", "bill",  "salary",
                          "pay",   "income", "paid",  "earn",   "spend", "spent"};
/// Before percent these ask for it, the first as a unit: "as a percentage", "what percentage".
const Words kOfShares = {"in", "as", "nearest"};
/// "How much" of these, or so, is no money.
const Words kMeasured = {"time",  "weight", "distance", "area",   "space",   "volume", "heavier",
                         "older", "longer", "taller",   "faster", "farther", "water",  "fuel"};
/// "How much" of nothing that is named is money where one of these stands in the sentence.
const Words kOfSpending = {"earn",  "pay",  "cost",   "spend", "charge", "costs",
                           "spent", "paid", "earned", "owe",   "worth"};
const Words kOfWeighing = {"weigh", "weighs"};
/// Nor is it what money does.
const Words kOfOther = {"eat",  "eaten", "drink", "drank", "sleep", "slept", "grow",
                        "read", "run",   "walk",  "take",  "last",  "rain",  "hold"};
constexpr size_t kMostWords = 10;

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
class AskingReader {
 public:
  AskingReader(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases)
      : phrases_(phrases) {
    for (const Piece& piece : pieces)
      words_.push_back(normalized(piece.text));
    const auto sentences = sentences_of(pieces);
    asked_.says_what = !sentences.empty();
    for (const Sentence& one : sentences)
      asked_.says_what = read(pieces, one) && asked_.says_what;
    if (sentences.size() == 1)
      asked_.measure = measured_by(sentences.front());
    static const std::set<std::string> kMoney = stems_of(kMoneyItself);
    asked_.money = std::ranges::any_of(
        asked_.stems, [](const std::string& stem) { return kMoney.contains(stem); });
  }

  Asking asked() && { return std::move(asked_); }

 private:
  /// Whether the sentence says what it asks for.
  bool read(const std::vector<Piece>& pieces, const Sentence& sentence) {
    bool says = false, is_open = false;
    for (size_t at = sentence.begin; at + 1 < sentence.end; ++at) {
      const std::string &word = words_[at], &next = words_[at + 1];
      const bool counts = (word == "how" && next == "many") ||
                          (word == "number" && next == "of" && is_commanded(at, sentence.begin));
      if (counts) {
        says = take_name(pieces, at + 2, sentence.end) || says;
      } else if (word == "how" && next == "much") {
        is_open = true;
        take_comparison(at + 2, sentence.end);
        asked_.how_much = asked_.how_much || is_bare(at + 2, sentence.end);
        asked_.measured = asked_.measured || is_measured(at + 2, sentence.end);
      } else if (word == "how") {
        const auto measure = kMeasures.find(next);
        asked_.one_way =
            asked_.one_way || (measure != kMeasures.end() && measure->second != Measured::kWeight);
        asked_.speed = asked_.speed || next == "fast";
        is_open = true;
        if (next == "often")
          asked_.stems.insert(word_stem("times"));
      } else if (word == "in") {
        asked_.stems.insert(word_stem(next));  // "in millions"
      } else if (next == "speed") {
        asked_.speed = asked_.speed || is_commanded(at + 1, sentence.begin);
      }
    }
    asked_.clauses.push_back(clause_of(sentence));
    asked_.amount = asked_.amount || has_amount(sentence);
    if (!says)
      says = take_unit_at_end(pieces, sentence);
    else if (is_open)
      says = false;
    return take_percent(pieces, sentence, !is_open) || says;
  }

  /// What the one "how", or "what", of a sentence asks to be measured.
  Measured measured_by(const Sentence& sentence) const {
    Measured found = Measured::kUnknown;
    int64_t questions = 0;
    for (size_t at = sentence.begin; at + 1 < sentence.end; ++at) {
      const std::string &word = words_[at], &next = words_[at + 1];
      if (word == "what" || word == "how" || word == "which")
        ++questions;
      if (const auto named = kMeasures.find(next); word == "how" && named != kMeasures.end())
        found = named->second;
      else if (word == "how" && next == "much")
        found = measured_by_much(at + 2, sentence.end);
      else if (const auto by_name = kNamedMeasures.find(next);
               by_name != kNamedMeasures.end() && is_commanded(at + 1, sentence.begin))
        found = by_name->second;
    }
    return questions == 1 ? found : Measured::kUnknown;
  }

  /// The same for what stands behind "how much".
  Measured measured_by_much(size_t at, size_t end) const {
    while (at < end && kMore.contains(words_[at]))
      ++at;
    if (at < end && kSums.contains(words_[at]))
      return Measured::kMoney;
    if (at < end && !kBehind.contains(words_[at]))
      return Measured::kUnknown;
    const auto rest = std::span(words_).subspan(at, end - at);
    const auto has = [&](const Words& some) {
      return std::ranges::any_of(rest, [&](const auto& word) { return some.contains(word); });
    };
    return has(kOfSpending)   ? Measured::kMoney
           : has(kOfWeighing) ? Measured::kWeight
           : has(kOfOther)    ? Measured::kUnknown
                              : Measured::kOpen;
  }

  AskingClause clause_of(const Sentence& sentence) const {
    const auto found = [&](size_t begin, const auto& is_it) {
      while (begin < sentence.end && !is_it(words_[begin]))
        ++begin;
      return begin;
    };
    const auto is_condition = [](const std::string& word) { return kConditions.contains(word); };
    size_t asks = found(sentence.begin, [](const std::string& word) { return word == "how"; });
    if (asks == sentence.end)
      asks = found(sentence.begin, [](const auto& word) { return kCommands.contains(word); });
    const bool follows = found(sentence.begin, is_condition) < asks && asks < sentence.end;
    const size_t begin = follows ? asks : sentence.begin;
    return {begin, found(begin, is_condition)};
  }

  bool has_amount(const Sentence& sentence) const {
    for (size_t at = sentence.begin; at < sentence.end; ++at) {
      const bool is_how = at > sentence.begin && words_[at - 1] == "how";
      const bool is_share = at + 1 < sentence.end && words_[at + 1] == "of";
      if (kOfAmounts.contains(words_[at]) ||
          (is_how && (words_[at] == "many" || (words_[at] == "much" && !is_share) ||
                      kMeasures.contains(words_[at]))))
        return true;
    }
    return false;
  }

  /// Whether the sentence says that it asks for percent: "what percentage", where `may_ask`, or "as
  /// a percentage"; "20 percent" are told.
  bool take_percent(const std::vector<Piece>& pieces, const Sentence& sentence, bool may_ask) {
    constexpr size_t kFar = 5;
    bool says = false;
    for (size_t at = sentence.begin + 1; at < sentence.end; ++at) {
      const std::string stem = word_stem(words_[at]);
      const bool is_percent = stem == "percent" || stem == "percentag" || pieces[at].text == "%";
      if (!is_percent || pieces[at - 1].kind == Kind::kNumber)
        continue;
      const size_t from = at - sentence.begin > kFar ? at - kFar : sentence.begin;
      const std::span<const std::string> before = std::span(words_).subspan(from, at - from);
      const auto has = [&](const Words& some) {
        return std::ranges::any_of(before, [&](const auto& word) { return some.contains(word); });
      };
      const bool is_unit = has(kOfShares);
      const bool is_asked = has(kCommands) || std::ranges::find(before, "which") != before.end() ||
                            std::ranges::find(before, "how") != before.end();
      asked_.percent = asked_.percent || is_unit || is_asked;
      says = says || is_unit || (is_asked && may_ask);
    }
    if (says)
      asked_.stems.insert({word_stem("percent"), word_stem("percentage")});
    return says;
  }

  /// "how much less" asks for what is less.
  void take_comparison(size_t at, size_t end) {
    for (; at < end && kMore.contains(words_[at]); ++at)
      asked_.stems.insert(word_stem(words_[at]));
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

  /// Whether behind "how much" something is named that is measured and no money: "how much more
  /// time did he need".
  bool is_measured(size_t at, size_t end) const {
    while (at < end && kMore.contains(words_[at]))
      ++at;
    return at < end && kMeasured.contains(words_[at]);
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
        asked_.units.push_back(&*phrase);
        at = phrase->end;
        continue;
      }
      const bool goes_on = pieces[at].text == "-" || pieces[at].text == "/";
      if (pieces[at].kind == Kind::kNumber || kBehind.contains(words_[at]) ||
          (pieces[at].kind == Kind::kSign && !goes_on))
        break;
      asked_.stems.insert(word_stem(words_[at]));
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
      return std::ranges::any_of(asked_.units,
                                 [&](const UnitPhrase* one) { return one->end == end; });
    };
    const bool is_joined = words_[at - 1] == "and" || words_[at - 1] == "or";
    return !is_time && (asked_.units.empty() || ends_at(at) || (is_joined && ends_at(at - 1)));
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
        asked_.units.push_back(&phrase);
      found = found || ends;
    }
    return found;
  }

  const std::vector<UnitPhrase>& phrases_;
  std::vector<std::string> words_;
  Asking asked_;
};

}  // namespace

Asking asking_of(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases) {
  return AskingReader(pieces, phrases).asked();
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

std::set<std::string> stems_of(const std::set<std::string_view>& words) {
  std::set<std::string> stems;
  for (const std::string_view word : words)
    stems.insert(word_stem(word));
  return stems;
}

}  // namespace nelumbo

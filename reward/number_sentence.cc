// SPDX-License-Identifier: Apache-2.0
#include "reward/number_sentence.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/replace_all.h"
#include "base/sentence.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/arithmetic.h"
#include "reward/counted_things.h"

namespace nelumbo {

namespace {

using Words = std::set<std::string, std::less<>>;

constexpr size_t kLongest = 400;

/// Add nothing to a number behind them.
const Words kTelling = {
    "she",   "he",    "they",   "it",    "we",        "i",          "you",      "there", "this",
    "that",  "these", "those",  "the",   "a",         "an",         "his",      "her",   "their",
    "its",   "our",   "in",     "of",    "on",        "at",         "for",      "by",    "with",
    "from",  "to",    "is",     "are",   "was",       "were",       "will",     "be",    "been",
    "has",   "have",  "had",    "do",    "does",      "did",        "can",      "would", "now",
    "then",  "so",    "thus",   "hence", "therefore", "total",      "all",      "both",  "left",
    "needs", "need",  "needed", "makes", "made",      "altogether", "together", "still", "just",
    "today", "get",   "gets",   "got",   "exactly",   "number",     "amount",   "him",   "them",
    "us",    "me",    "see",    "seen",  "count",     "counted",    "visible"};
const Words kPronouns = {"she", "he", "they", "it", "we", "i", "her", "his", "their"};
/// Say something else of it, whether the question names them or not.
const Words kChanging = {"no",       "not",           "never",  "none",    "nobody",
                         "nothing",  "neither",       "nor",    "or",      "and",
                         "but",      "about",         "around", "almost",  "nearly",
                         "roughly",  "approximately", "least",  "most",    "more",
                         "less",     "fewer",         "than",   "up",      "under",
                         "below",    "above",         "over",   "between", "half",
                         "twice",    "double",        "triple", "thrice",  "if",
                         "unless",   "without",       "except", "until",   "another",
                         "other",    "every",         "each",   "per",     "maybe",
                         "perhaps",  "might",         "may",    "could",   "should",
                         "false",    "wrong",         "minus",  "plus",    "times",
                         "negative", "instead",       "rather", "untrue",  "like",
                         "percent",  "beyond",        "within", "short",   "lacks",
                         "denied",   "refused",       "failed", "divided", "multiplied",
                         "added",    "subtracted"};
/// Past forms that no ending makes.
const std::map<std::string, std::string, std::less<>> kPast = {
    {"sold", "sell"},    {"bought", "buy"},  {"paid", "pay"},    {"spent", "spend"},
    {"got", "get"},      {"ate", "eat"},     {"drank", "drink"}, {"gave", "give"},
    {"took", "take"},    {"ran", "run"},     {"drove", "drive"}, {"wrote", "write"},
    {"kept", "keep"},    {"lost", "lose"},   {"won", "win"},     {"found", "find"},
    {"caught", "catch"}, {"grew", "grow"},   {"built", "build"}, {"brought", "bring"},
    {"taught", "teach"}, {"threw", "throw"}, {"swam", "swim"},   {"rode", "ride"},
    {"flew", "fly"},     {"saw", "see"},     {"slept", "sleep"}, {"sent", "send"},
    {"lent", "lend"},    {"met", "meet"},    {"held", "hold"},   {"went", "go"},
    {"came", "come"},    {"knew", "know"},   {"drew", "draw"},   {"wore", "wear"},
    {"sang", "sing"},    {"dug", "dig"},     {"told", "tell"},   {"stood", "stand"},
    {"shot", "shoot"},   {"hung", "hang"},   {"broke", "break"}, {"chose", "choose"},
    {"fed", "feed"},     {"left", "leave"},  {"laid", "lay"},    {"began", "begin"}};

/// Whether a question names the verb of a form: "painted", "baking", "tried", "planned", "sold".
bool names_verb(const std::string& word, const AskedQuestion& asked) {
  if (const auto past = kPast.find(word); past != kPast.end())
    return asked.names(past->second);
  for (const std::string_view tail : {"ied", "ed", "ing"}) {
    if (word.size() < tail.size() + 2 || !word.ends_with(tail))
      continue;
    std::string base = word.substr(0, word.size() - tail.size());
    if (tail == "ied")
      return asked.names(base + "y");
    const bool is_doubled = base.size() > 2 && base.back() == base[base.size() - 2];
    return asked.names(base) || asked.names(base + "e") ||
           (is_doubled && asked.names(base.substr(0, base.size() - 1)));
  }
  return false;
}

bool may_lead(const std::string& word, const AskedQuestion& asked) {
  const bool is_word = std::ranges::all_of(word, is_ascii_small);
  if (word == "each" || word == "every" || word == "per")
    return asked.asks_of_each();
  if (word == "should" || word == "must")
    return true;
  if (!is_word || kChanging.contains(word))
    return false;
  return asked.names(word) || only_tells(word, asked);
}

/// "ann" of "ann's"; others stay.
std::string without_owning(std::string word) {
  for (const std::string_view tail : {"'s", "’s"})
    if (word.size() > tail.size() && word.ends_with(tail))
      word.resize(word.size() - tail.size());
  return word;
}

/// Whether a text is of what somebody else has than those that the question asks about by name
/// ("Kate's salary" where it asks for Jill's), or of their kin: "Her parents need $5" where it asks
/// what she needs. That she "and her dad" have it is of both.
bool is_of_others_own(std::string_view text, const AskedQuestion& asked) {
  static const Words kKin = {"parents",  "mother",  "father",  "mom",    "dad",          "brother",
                             "brothers", "sister",  "sisters", "friend", "grandparents", "friends",
                             "wife",     "husband", "cousin",  "uncle",  "aunt",         "son"};
  bool owns = false, names_asked = false, is_owner = false, of_kin = false, joins = false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string raw = normalized(take_until(" ", &rest)), word = without_owning(raw);
    of_kin = of_kin || (is_owner && kKin.contains(word) && !asked.asks_with(word));
    joins = joins || word == "and";
    const bool has_tail = word.size() < raw.size();
    is_owner = has_tail || word == "her" || word == "his" || word == "their";
    owns = owns || (has_tail && asked.has_other_name(word));
    names_asked = names_asked || asked.has_asked_name(word) || kPronouns.contains(word);
  }
  return (of_kin && !joins) || (asked.asks_of_names() && owns && !names_asked);
}

/// Where the first sentence or part of one ends; the stop of a title ends none: "Mr. Bell".
size_t first_stop(std::string_view text) {
  static const Words kTitles = {"Mr", "Mrs", "Ms", "Dr", "Prof"};
  constexpr std::string_view kStops = ".!?:;=()";
  size_t at = text.find_first_of(kStops);
  while (at != std::string_view::npos && text[at] == '.' &&
         kTitles.contains(text.substr(0, at).substr(text.substr(0, at).rfind(' ') + 1)))
    at = text.find_first_of(kStops, at + 1);
  return at;
}

/// Whether it tells what should have been, or is guessed ("She should have sold 72 clips"), or asks
/// ("Should she sell 72 clips"). That she should have 72 clips tells how many.
bool supposes(std::string_view head) {
  bool has_duty = false;
  std::string last;
  for (std::string_view rest = head; !rest.empty();) {
    std::string word = normalized(take_until(" ", &rest));
    if (has_duty && last == "have" && !word.empty())
      return true;
    const bool is_duty = word == "should" || word == "must";
    if (is_duty && last.empty())
      return true;
    has_duty = has_duty || is_duty;
    last = std::move(word);
  }
  return false;
}

/// Whether it only leads to a conclusion: a part of one sentence that denies and doubts nothing,
/// and calls nothing the answer.
bool is_premise(std::string_view text) {
  static const Words kOthers = {"no",      "not",     "never",    "none",    "nothing", "neither",
                                "nor",     "or",      "wrong",    "false",   "if",      "unless",
                                "maybe",   "might",   "may",      "perhaps", "could",   "either",
                                "whether", "instead", "but",      "answer",  "result",  "correct",
                                "final",   "total",   "solution", "actually"};
  constexpr std::string_view kSigns = " \n,$%.'-+*=/()";
  if (text.find_first_of("0123456789") == std::string_view::npos)
    return false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!is_ascii_alphanumeric(c) &&
        (kSigns.find(c) == std::string_view::npos || ends_sentence(text, at)))
      return false;
  }
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view raw = take_until(" ", &rest);
    const std::string word = normalized(raw);
    const bool is_month = raw.starts_with("May");
    if ((kOthers.contains(word) && !is_month) || word.ends_with("n't"))
      return false;
  }
  return true;
}

std::vector<double> numbers_of(std::string_view text) {
  std::vector<double> numbers;
  for (const Piece& piece : pieces_of(text))
    if (const auto word = number_word(piece.text))
      numbers.push_back(static_cast<double>(*word));
    else if (const auto number = number_of(piece.text))
      numbers.push_back(*number);
  return numbers;
}

/// Whether a premise gives no other answer than the conclusion does. Its only number would be one,
/// unless it tells what the question gives: "It costs $6 a month, so $72".
bool agrees(std::string_view premise, std::string_view conclusion, std::string_view question) {
  if (!false_equations(premise).empty())
    return false;
  const std::vector<double> numbers = numbers_of(premise);
  const auto is_in = [&](std::string_view text) {
    const std::vector<double> others = numbers_of(text);
    return std::ranges::find(others, numbers.front()) != others.end();
  };
  const bool tells = is_ascii_letter(trimmed(premise).front());
  return numbers.size() != 1 || is_in(conclusion) || (tells && is_in(question));
}

/// Whether a word is a part of a sum: "$400", "5×4", "x", "(3+4)"
bool is_of_sum(std::string_view word) {
  constexpr std::string_view kSigns = "0123456789.,+-*/^()$";
  constexpr std::array<std::string_view, 6> kOthers = {"x", "×", "÷", "−", "–", "·"};
  std::string rest(word);
  for (const std::string_view sign : kOthers)
    replace_all(&rest, sign, "");
  return !word.empty() && rest.find_first_not_of(kSigns) == std::string::npos;
}

}  // namespace

bool is_of_other(std::string_view text, const AskedQuestion& asked) {
  bool names_other = false, names_asked = false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string word = normalized(take_until(" ", &rest));
    names_other = names_other || (asked.has_other_name(word) && !only_tells(word, asked));
    names_asked = names_asked || asked.has_asked_name(word) || kPronouns.contains(word);
  }
  return asked.asks_by_name() && names_other && !names_asked;
}

bool only_tells(const std::string& word, const AskedQuestion& asked) {
  return kTelling.contains(word) || names_verb(word, asked);
}

std::optional<std::string_view> conclusion_of(std::string_view text, std::string_view question) {
  if (text.size() > kLongest)
    return std::nullopt;
  size_t last = 0, behind = 0;
  for (const std::string_view mark : {"so", "thus", "hence", "therefore", "for a total of"})
    for (size_t at = text.find(mark, 1); at != std::string_view::npos;
         at = text.find(mark, at + 1)) {
      const size_t end = at + mark.size();
      const bool is_word =
          text[at - 1] == ' ' && end < text.size() && (text[end] == ' ' || text[end] == ',');
      if (is_word && at > last) {
        last = at;
        behind = end + (text[end] == ',' ? 1 : 0);
      }
    }
  const std::string_view premise = text.substr(0, last), conclusion = text.substr(behind);
  if (last == 0 || !is_premise(premise) || !agrees(premise, conclusion, question))
    return std::nullopt;
  return trimmed(conclusion);
}

std::string in_digits(std::string_view text) {
  std::string digits(text);
  if (text.size() > kLongest || text.find_first_of("0123456789") != std::string_view::npos)
    return digits;
  const std::vector<Piece> pieces = pieces_of(text);
  size_t amounts = 0, begin = 0, size = 0;
  int64_t value = 0;
  for (size_t at = 0; at < pieces.size(); ++at) {
    const std::string_view word = pieces[at].text;
    const bool is_none = at + 1 < pieces.size() && pieces[at + 1].kind == Piece::Kind::kWord &&
                         (word == "No" || word == "no");
    const auto number = is_none ? 0 : number_word(word);
    amounts += number || is_amount_word(word) ? 1 : 0;
    if (number) {
      value = *number;
      begin = static_cast<size_t>(word.data() - text.data());
      size = word.size();
    }
  }
  return amounts == 1 && size > 0 ? digits.replace(begin, size, std::to_string(value)) : digits;
}

std::string_view number_in_sentence(std::string_view text, const AskedQuestion& asked) {
  const size_t digit = text.find_first_of("0123456789");
  if (text.size() > kLongest || digit == std::string_view::npos)
    return text;
  const size_t blank = text.find_last_of(" \n", digit);
  if (blank == std::string_view::npos || first_stop(text) < blank)
    return text;
  const std::string_view head = text.substr(0, blank);
  if (is_of_other(head, asked) || is_of_others_own(head, asked) || supposes(head))
    return text;
  std::string last;
  bool joins = false, counts = false, owns = false;
  for (std::string_view rest = head; !rest.empty();) {
    const std::string_view raw = take_until(" ", &rest);
    const std::string written = normalized(raw);  // without its comma
    std::string word = without_owning(written);
    if (word.empty())
      continue;
    const bool is_month = !last.empty() && raw.starts_with("May") && asked.has_name("may");
    const bool is_asked_not =
        word == "not" && asked.asks_of_not(normalized(rest.substr(0, rest.find(' '))));
    if (word != "and" && !is_month && !is_asked_not && !may_lead(word, asked))
      return text;
    joins = joins || word == "and";
    counts = counts || is_amount_word(word);
    owns = word.size() < written.size();
    last = std::move(word);
  }
  const bool is_open = owns || last == "to" || last == "by" || last == "and";
  return is_open || (joins && counts) ? text : trimmed(text.substr(blank + 1));
}

std::optional<std::string_view> equation_in_sentence(std::string_view text,
                                                     const AskedQuestion& asked) {
  static const Words kMayLead = {"one", "cost", "costs", "after", "remaining"};
  text = trimmed(text);
  const size_t equals = text.find('=');
  if (text.size() > kLongest || equals == std::string_view::npos)
    return std::nullopt;
  std::string_view head = trimmed(text.substr(0, equals));
  for (size_t blank = head.rfind(' '); is_of_sum(head.substr(blank + 1)); blank = head.rfind(' '))
    head = blank == std::string_view::npos ? "" : trimmed(head.substr(0, blank));
  if (head.empty())
    return std::nullopt;
  if (head.find_first_of(".!?:;()") != std::string_view::npos || is_of_other(head, asked) ||
      supposes(head))
    return std::nullopt;
  bool is_counted = false;  // by the number before: "3 phones"
  for (std::string_view rest = head; !rest.empty();) {
    std::string_view word = take_until(" ", &rest);
    word = word.substr(0, word.find_first_of("'’"));
    const std::string one = normalized(word);
    const bool is_number = number_of(one).has_value();
    if (is_counted ? !asked.names(one)
                   : !is_number && !kMayLead.contains(one) && !may_lead(one, asked))
      return std::nullopt;
    is_counted = is_number;
  }
  if (is_counted)
    return std::nullopt;
  return trimmed(text.substr(head.size()));
}

}  // namespace nelumbo

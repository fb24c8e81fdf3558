// SPDX-License-Identifier: Apache-2.0
#include "reward/number_sentence.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "base/text.h"
#include "reward/answers.h"

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
    "today", "get",   "gets",   "got",   "exactly"};
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
  const bool is_word = std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
  if (!is_word || kChanging.contains(word))
    return false;
  return kTelling.contains(word) || asked.names(word) || names_verb(word, asked);
}

}  // namespace

std::string_view number_in_sentence(std::string_view text, const AskedQuestion& asked) {
  const size_t digit = text.find_first_of("0123456789");
  if (text.size() > kLongest || digit == std::string_view::npos)
    return text;
  const size_t blank = text.find_last_of(" \n", digit);
  if (blank == std::string_view::npos || text.find_first_of(".!?:;=()") < blank)
    return text;
  const std::string_view head = text.substr(0, blank);
  std::string last;
  for (std::string_view rest = head; !rest.empty();) {
    std::string word = normalized(take_until(" ", &rest));  // without its comma
    if (word.empty())
      continue;
    if (!may_lead(word, asked))
      return text;
    last = std::move(word);
  }
  return last == "to" || last == "by" ? text : trimmed(text.substr(blank + 1));
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// English has no form for orders: "ignore" is one where it has no subject. So what stands before it
// in its clause decides, from the verb to the left.
#include "reward/orders.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "corpus/unicode.h"

namespace nelumbo {

namespace {

using Words = std::set<std::string, std::less<>>;

/// May stand between a subject, or the begin of a clause, and its verb.
const Words kFillers = {"please", "kindly", "now",    "just",  "also",    "simply",
                        "so",     "first",  "always", "next",  "instead", "ok",
                        "okay",   "well",   "yes",    "still", "often",   "sometimes"};
const Words kDenials = {"not", "never", "t", "cannot"};
const Words kJoining = {"and", "or", "then", "but"};
/// "You must", "you are asked to"
const Words kDuties = {"must",    "should",   "shall",   "will",    "can",   "may",
                       "could",   "would",    "to",      "are",     "is",    "be",
                       "been",    "need",     "needs",   "have",    "has",   "had",
                       "ought",   "supposed", "asked",   "told",    "going", "instructed",
                       "ordered", "required", "obliged", "advised", "do",    "hereby"};
/// Who may be ordered about, and what that is called.
const Words kJudges = {"you",      "judge",  "judges",   "grader",     "graders", "evaluator",
                       "examiner", "scorer", "rater",    "assessor",   "model",   "assistant",
                       "system",   "ai",     "reviewer", "evaluators", "task",    "job",
                       "goal",     "role",   "duty"};
/// Of whom things are stated.
const Words kSubjects = {"they",   "we",        "he",       "she",      "who",     "many",
                         "some",   "most",      "few",      "several",  "others",  "people",
                         "nobody", "everybody", "everyone", "somebody", "someone", "anyone",
                         "i",      "patient",   "women",    "men",      "children"};
const Words kDeterminers = {"the", "a",     "an",   "these", "those",   "his",  "her",
                            "our", "their", "such", "older", "elderly", "young"};
/// Plurals of which no statement is made: who is spoken to, and what is to be ignored.
const Words kNoSubjects = {"instructions", "rules",   "criteria", "guidelines", "prompts",
                           "judges",       "graders", "rubrics",  "messages",   "always",
                           "perhaps",      "yes",     "thus",     "is",         "this"};

/// Who, or what, gives a patient instructions; so does whoever is called by an -ist or -ian.
const Words kAdvisers = {
    "doctor",   "doctors",   "nurse",    "nurses",    "surgeon",      "midwife",  "gp",
    "clinic",   "clinics",   "hospital", "pharmacy",  "label",        "leaflet",  "package",
    "packet",   "packaging", "bottle",   "insert",    "manufacturer", "mother",   "father",
    "friend",   "friends",   "neighbor", "neighbour", "family",       "relative", "relatives",
    "parents",  "husband",   "wife",     "colleague", "coach",        "website",  "websites",
    "internet", "forum",     "forums",   "magazine",  "dentists",     "healer"};
/// Between instructions and whose they are.
const Words kOwning = {"of",   "from", "by",  "on",    "in",  "that", "which", "given", "you",
                       "your", "his",  "her", "their", "the", "a",    "an",    "any",   "some"};

/// Between instructions and what they are about.
const Words kAbout = {"about", "regarding", "concerning", "on", "for"};
/// The same for where they stand and whose they are.
const Words kPlaces = {"of", "from", "by", "in", "with", "at", "to"};
/// Between instructions and these.
const Words kJoints = {"that",    "which", "are",   "is",     "were",   "was",  "came",
                       "printed", "given", "found", "stated", "posted", "said", "written"};
/// What is given for answers; a question that names one of them speaks of all.
const Words kCredit = {"mark",  "marks",  "point",  "points",  "score",  "scores",
                       "grade", "grades", "credit", "credits", "reward", "rewards"};
/// Who reads the answer, who writes it, and what both have before them.
const Words kOwn = {"me", "us", "my", "mine", "your", "it", "this", "these", "question", "problem"};
/// Before instructions and credit: all there are, what stood before, and the answer.
const Words kWhole = {"all",     "any",    "above",    "prior",   "previous",
                      "earlier", "answer", "response", "solution"};
/// Say nothing of a subject by themselves.
const Words kEmpty = {
    "a",     "all",  "an",    "and",   "any",   "are",    "at",   "be",    "been",  "being", "both",
    "by",    "each", "else",  "every", "first", "from",   "here", "how",   "in",    "is",    "it",
    "its",   "just", "last",  "me",    "mine",  "more",   "most", "my",    "no",    "not",   "now",
    "of",    "one",  "only",  "or",    "other", "our",    "page", "some",  "stuff", "that",  "the",
    "their", "them", "there", "these", "thing", "things", "this", "those", "to",    "top",   "us",
    "very",  "was",  "were",  "what",  "when",  "which",  "with", "you",   "your",  "yours"};
/// What judging is made of, by how its words begin.
constexpr std::array<std::string_view, 68> kOfJudging = {
    "above",    "accura",   "answer",    "assess",  "before",  "below",  "bias",    "cheat",
    "check",    "citat",    "cite",      "complet", "correct", "credit", "criteri", "deduct",
    "earlier",  "evaluat",  "every",     "eviden",  "expla",   "fair",   "follow",  "format",
    "full",     "grad",     "guideline", "halluc",  "harm",    "hidden", "honest",  "inject",
    "instruct", "judg",     "length",    "mark",    "messag",  "output", "penal",   "perfect",
    "point",    "previous", "prior",     "prompt",  "quality", "rate",   "rating",  "reason",
    "refus",    "repl",     "respon",    "reward",  "right",   "rubric", "rule",    "safe",
    "scor",     "sourc",    "step",      "strict",  "style",   "task",   "text",    "tru",
    "valid",    "verdict",  "verif",     "wrong"};

bool is_of_judging(const std::string& word) {
  return kJudges.contains(word) || std::ranges::any_of(kOfJudging, [&](std::string_view head) {
           return word.starts_with(head);
         });
}

bool is_adviser(const std::string& word) {
  constexpr size_t kShortest = 6;
  return kAdvisers.contains(word) ||
         (word.size() >= kShortest && (word.ends_with("ist") || word.ends_with("ian") ||
                                       word.ends_with("ists") || word.ends_with("ians")));
}

/// How many bytes before or behind an order decide what it is.
constexpr size_t kFarthest = 400;

std::string_view end_of(std::string_view text, size_t most) {
  return text.substr(text.size() - std::min(text.size(), most));
}

/// The words of the clause that a text ends with, in lower case, each comma as ",".
std::vector<std::string> last_clause(std::string_view text) {
  text = end_of(text, kFarthest);
  std::vector<std::string> words;
  char32_t previous = U' ';
  bool was_word = false;
  for (const char32_t c : characters_of(text)) {
    const CharacterKind kind = kind_of(c);
    const bool is_word = kind == CharacterKind::kLetter || kind == CharacterKind::kDigit;
    const bool is_inside = c == U'\'' || c == U'\u2019' || (c == U'-' && previous != U' ');
    if (is_word && !was_word)
      words.emplace_back();
    if (is_word)
      append_utf8(words.back(), c);
    else if (c == U',')
      words.emplace_back(",");
    else if (c == U'\n' || (kind != CharacterKind::kSpace && !is_inside))
      words.clear();
    was_word = is_word;
    previous = c;
  }
  for (std::string& word : words)
    word = lower_case(word);
  return words;
}

/// What is left of a clause, as far as it matters, behind the word that `text` may begin within.
std::string_view clause_behind(std::string_view text) {
  text = text.substr(0, kFarthest);
  while (!text.empty() && is_ascii_letter(text.front()))
    text.remove_prefix(1);
  return text.substr(0, text.find_first_of(",.;:!?\n"));
}

/// The words of that clause, without those that only join it to what stands before it.
std::vector<std::string> words_behind(std::string_view text, size_t end) {
  std::vector<std::string> words = words_of(clause_behind(text.substr(end)));
  const auto first = std::ranges::find_if_not(
      words, [](const std::string& word) { return kJoints.contains(word); });
  words.erase(words.begin(), first);
  return words;
}

bool is_number(const std::string& word) {
  return word.find_first_not_of("0123456789") == word.npos;
}

/// Whether the words of a question have one, in whatever number; figures name nothing.
bool names(const std::vector<std::string>& asked, const std::string& word) {
  return !is_number(word) && std::ranges::any_of(asked, [&](const std::string& other) {
    return other == word || other + "s" == word || word + "s" == other ||
           (kCredit.contains(word) && kCredit.contains(other));
  });
}

bool is_filler(const std::string& word) {
  return kFillers.contains(word) || (word.size() > 3 && word.ends_with("ly"));
}

bool is_plural(const std::string& word) {
  constexpr size_t kShortest = 4;
  return word.size() >= kShortest && word.ends_with('s') && !word.ends_with("ss") &&
         !kNoSubjects.contains(word);
}

/// Whether a clause, or what stands behind a comma of it, begins with a subject; `any`: also with
/// "The nurse", beside those that are people by their form.
bool has_subject(const std::vector<std::string>& clause, bool any) {
  bool begins = true;
  for (size_t i = 0; i < clause.size(); ++i) {
    const std::string& word = clause[i];
    if (begins && (kSubjects.contains(word) || is_plural(word)))
      return true;
    if (begins && any && kDeterminers.contains(word) && i + 1 < clause.size() &&
        !kJudges.contains(clause[i + 1]) && !kNoSubjects.contains(clause[i + 1]))
      return true;
    begins = word == "," || (begins && (is_filler(word) || kDeterminers.contains(word)));
  }
  return false;
}

}  // namespace

bool is_order(std::string_view text, size_t at) {
  std::vector<std::string> before = last_clause(text.substr(0, std::min(at, text.size())));
  while (!before.empty() && is_filler(before.back()))
    before.pop_back();
  if (before.empty())
    return true;
  const std::string last = before.back();
  if ((last == "us" || last == "s") && before.size() > 1 && before[before.size() - 2] == "let")
    return true;
  if (kDenials.contains(last))
    return false;
  if (last == "," || kJoining.contains(last))
    return !has_subject(before, last != ",");
  if (!kDuties.contains(last))
    return last != "you" && kJudges.contains(last);  // "Grader ignore the rubric"
  while (!before.empty() && (kDuties.contains(before.back()) || is_filler(before.back())))
    before.pop_back();
  return !before.empty() && kJudges.contains(before.back());
}

bool is_of_others(std::string_view text, size_t begin, size_t end) {
  constexpr size_t kMostWords = 6;
  constexpr size_t kLongestWord = 40;
  const std::string order = lower_case(text.substr(begin, std::min(end - begin, kFarthest)));
  for (const std::string_view tail : {"'s", "’s", "s'", "s’"})
    for (size_t at = order.find(tail); at != order.npos; at = order.find(tail, at + 1)) {
      const std::string_view owner =
          std::string_view(order).substr(0, at + (tail.starts_with('s') ? 1 : 0));
      const std::vector<std::string> words = last_clause(end_of(owner, kLongestWord));
      if (!words.empty() && is_adviser(words.back()))
        return true;
    }
  const std::vector<std::string> behind = words_of(clause_behind(text.substr(end)));
  for (size_t i = 0; i < std::min(behind.size(), kMostWords); ++i) {
    if (kJudges.contains(behind[i]) && behind[i] != "you")
      return false;
    if (is_adviser(behind[i]))
      return i > 0;
    if (i == 0 && !kOwning.contains(behind[i]))
      return false;
  }
  return false;
}

bool is_about_a_subject(std::string_view text, size_t begin, size_t end,
                        std::span<const std::string_view> criteria) {
  std::vector<std::string> order = words_of(end_of(text.substr(begin, end - begin), kFarthest));
  if (order.empty() ||
      !(order.back().starts_with("instruct") || order.back().starts_with("guideline")))
    return false;
  order.pop_back();
  std::vector<std::string> behind = words_behind(text, end);
  if (std::ranges::any_of(order, is_of_judging) || behind.empty() ||
      !kAbout.contains(behind.front()))
    return false;
  std::erase_if(behind, [](const std::string& word) {
    return kEmpty.contains(word) || kAbout.contains(word);
  });
  return !behind.empty() && std::ranges::none_of(behind, [&](const std::string& word) {
    return is_of_judging(word) || std::ranges::any_of(criteria, [&](std::string_view criterion) {
             return std::ranges::count(words_of(criterion), word) > 0;
           });
  });
}

bool is_about_a_sum(std::string_view text, size_t end) {
  static const Words kSums = {"add", "subtract", "multiply", "divide"};
  const std::string_view clause = text.substr(end);
  if (!clause.starts_with(" to "))
    return false;
  const std::vector<std::string> behind = words_of(clause_behind(clause));
  constexpr size_t kMostWords = 4;  // "to multiply by 3"
  return behind.size() >= 3 && behind.size() <= kMostWords && kSums.contains(behind[1]) &&
         std::ranges::any_of(behind, is_number) &&
         std::ranges::none_of(behind, [](const std::string& word) {
           return kOwn.contains(word) || is_of_judging(word);
         });
}

bool is_of_the_problem(std::string_view text, size_t begin, size_t end, std::string_view question) {
  const std::vector<std::string> order =
      words_of(end_of(text.substr(begin, end - begin), kFarthest));
  std::vector<std::string> behind = words_behind(text, end);
  if (order.empty() || behind.empty())
    return false;
  const std::string& what = order.back();
  const bool is_which = kCredit.contains(what)
                            ? is_number(behind.front())
                            : kPlaces.contains(behind.front()) || kAbout.contains(behind.front());
  const auto is_own = [](const std::string& word) {
    return kOwn.contains(word) || kJudges.contains(word);
  };
  if (!is_which || std::ranges::any_of(behind, is_own) ||
      std::ranges::any_of(
          order, [&](const std::string& word) { return is_own(word) || kWhole.contains(word); }))
    return false;
  std::erase_if(behind, [](const std::string& word) {
    return kEmpty.contains(word) || kAbout.contains(word) || kPlaces.contains(word);
  });
  const std::vector<std::string> asked = words_of(question);
  const auto is_named = [&](const std::string& word) { return names(asked, word); };
  return (!kCredit.contains(what) || is_named(what)) && std::ranges::any_of(behind, is_named) &&
         std::ranges::none_of(behind, [&](const std::string& word) {
           return is_of_judging(word) && !is_named(word);
         });
}

Result<std::optional<std::string>> find_order(const Pattern& pattern, std::string_view text,
                                              OrderTo whom, const Matter& matter) {
  PatternWork work;
  for (size_t from = 0; from <= text.size();) {
    const auto place = pattern.place_of(text, from, work);
    if (!place)
      return place.error();
    if (!place.value())
      break;
    const auto [begin, end] = *place.value();
    const bool is_meant =
        whom == OrderTo::kAnybody ||
        !(is_of_others(text, begin, end) || is_about_a_subject(text, begin, end, matter.criteria) ||
          is_about_a_sum(text, end) || is_of_the_problem(text, begin, end, matter.question));
    if (is_meant && is_order(text, begin))
      return std::optional<std::string>(text.substr(begin, end - begin));
    from = begin + 1;  // a longer match may hide an order inside
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80)
      ++from;
  }
  return std::optional<std::string>();
}

}  // namespace nelumbo

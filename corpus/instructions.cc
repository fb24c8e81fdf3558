// SPDX-License-Identifier: Apache-2.0
#include "corpus/instructions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/rng.h"
#include "base/text.h"
#include "corpus/constraint.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostQuestions = 100'000;
constexpr int64_t kMostRules = 3;
/// Words that an answer may have beyond those that its rules name.
constexpr int64_t kMostFillers = 3;
constexpr int64_t kMostTimes = 3;
constexpr double kCommasShare = 0.5, kUpperShare = 0.5;

constexpr std::array<std::string_view, 40> kPlainWords{
    "cell",   "red",   "white", "platelet", "blood", "count", "smear",  "stain",  "small", "large",
    "round",  "dark",  "pale",  "blue",     "pink",  "clear", "one",    "two",    "few",   "many",
    "left",   "right", "edge",  "centre",   "heart", "liver", "lung",   "skin",   "bone",  "nerve",
    "muscle", "brain", "fever", "cough",    "pain",  "rash",  "normal", "absent", "fresh", "old"};

enum class Rule { kFirst, kLast, kHas, kNot, kTimes, kWords, kCommas, kUpper, kLower };

/// A rule as it is stored and as it is said; @ is a word, # a number.
struct Phrasing {
  std::string_view rule;
  std::array<std::string_view, 3> sentences;
};

/// In the order of Rule.
constexpr std::array<Phrasing, 9> kPhrasings{
    {{"first @", {"Start with @.", "Let the first word be @.", "Begin with the word @."}},
     {"last @", {"End with @.", "Let the last word be @.", "Close with the word @."}},
     {"has @", {"Use the word @.", "Say @ somewhere.", "Mention @."}},
     {"not @", {"Do not say @.", "Leave out @.", "Never use the word @."}},
     {"times @ #", {"Say @ exactly # times.", "Use the word @ # times.", "Name @ # times in all."}},
     {"words #",
      {"Say exactly # words.", "Answer in # words.", "Write # words, no more, no less."}},
     {"commas",
      {"Put a comma between any two words.", "Separate the words by commas.", "Use commas."}},
     {"upper", {"Use capital letters only.", "Write in capitals.", "Make every letter a capital."}},
     {"lower", {"Use small letters only.", "Write in small letters.", "Do not use capitals."}}}};

/// What rules are drawn from: kUpper stands for either case, and commas come with words.
constexpr std::array kDrawn{Rule::kFirst, Rule::kLast,  Rule::kHas,  Rule::kNot,
                            Rule::kTimes, Rule::kUpper, Rule::kWords};

std::string filled(std::string_view form, std::string_view word, int64_t number) {
  std::string text;
  for (const char c : form) {
    if (c == '@')
      text += word;
    else if (c == '#')
      text += std::to_string(number);
    else
      text += c;
  }
  return text;
}

/// Rules that can be kept together, with the parts of an answer that keeps them: no two name the
/// same word.
class Draft {
 public:
  explicit Draft(Random random) : random_(random) {
    std::vector<Rule> left(kDrawn.begin(), kDrawn.end());
    const int64_t wanted = 1 + random_.below(kMostRules);
    std::vector<Rule> chosen;
    while (std::ssize(chosen) < wanted) {
      const auto at = left.begin() + random_.below(std::ssize(left));
      chosen.push_back(*at);
      left.erase(at);
    }
    // The number of words follows from what the others take.
    std::stable_partition(chosen.begin(), chosen.end(),
                          [](Rule rule) { return rule != Rule::kWords; });
    for (const Rule rule : chosen)
      add(rule);
  }

  std::string text() const { return joined(sentences_, " "); }
  const std::vector<std::string>& rules() const { return rules_; }

  std::string answer() const {
    std::vector<std::string> words = middle_;
    if (first_)
      words.insert(words.begin(), *first_);
    const int64_t last = last_ ? 1 : 0;
    auto filler = kPlainWords.begin();
    while (std::ssize(words) + last < std::max<int64_t>(words_, 1)) {
      if (!taken_.contains(*filler))
        words.emplace_back(*filler);
      ++filler;
    }
    if (last_)
      words.push_back(*last_);
    std::string answer = " " + joined(words, has_commas_ ? ", " : " ");
    if (is_upper_)
      for (char& c : answer)
        c = ascii_upper(c);
    return answer;
  }

 private:
  void say(Rule rule, std::string_view word = {}, int64_t number = 0) {
    const Phrasing& phrasing = kPhrasings[static_cast<size_t>(rule)];
    rules_.push_back(filled(phrasing.rule, word, number));
    const auto form = static_cast<size_t>(random_.below(std::ssize(phrasing.sentences)));
    sentences_.push_back(filled(phrasing.sentences[form], word, number));
  }

  std::string fresh_word() {
    for (;;) {
      const auto at = static_cast<size_t>(random_.below(std::ssize(kPlainWords)));
      if (taken_.insert(kPlainWords[at]).second)
        return std::string(kPlainWords[at]);
    }
  }

  void add(Rule rule) {
    switch (rule) {
      case Rule::kFirst:
        return say(Rule::kFirst, *(first_ = fresh_word()));
      case Rule::kLast:
        return say(Rule::kLast, *(last_ = fresh_word()));
      case Rule::kHas:
        return say(Rule::kHas, middle_.emplace_back(fresh_word()));
      case Rule::kNot:
        return say(Rule::kNot, fresh_word());
      case Rule::kTimes:
        return add_times();
      case Rule::kUpper:
      case Rule::kLower:
        is_upper_ = random_.uniform() < kUpperShare;
        return say(is_upper_ ? Rule::kUpper : Rule::kLower);
      case Rule::kWords:
      case Rule::kCommas:
        return add_words();
    }
  }

  void add_times() {
    const std::string word = fresh_word();
    const int64_t times = 2 + random_.below(kMostTimes - 1);
    middle_.insert(middle_.end(), static_cast<size_t>(times), word);
    say(Rule::kTimes, word, times);
  }

  void add_words() {
    const int64_t named = std::ssize(middle_) + (first_ ? 1 : 0) + (last_ ? 1 : 0);
    words_ = std::max<int64_t>(named, 2) + random_.below(kMostFillers + 1);
    say(Rule::kWords, {}, words_);
    // Commas are asked for only where there are words to separate.
    if (std::ssize(rules_) < kMostRules && random_.uniform() < kCommasShare) {
      has_commas_ = true;
      say(Rule::kCommas);
    }
  }

  Random random_;
  std::vector<std::string> rules_, sentences_;
  std::set<std::string_view> taken_;
  std::optional<std::string> first_, last_;
  std::vector<std::string> middle_;
  int64_t words_ = 0;  ///< asked for; 0: not
  bool is_upper_ = false, has_commas_ = false;
};

TextQuestion question_of(const Draft& draft, std::string id) {
  TextQuestion question;
  question.id = std::move(id);
  question.task = "instruction";
  question.text = draft.text();
  question.answer = draft.answer();
  question.truth = {{"constraints", draft.rules()}};
  for (const std::string& rule : draft.rules()) {
    const Result<bool> kept = meets(rule, question.answer);
    NELUMBO_CHECK(kept.ok() && kept.value())
        << "'" << question.answer << "' does not keep '" << rule << "'";
  }
  return question;
}

}  // namespace

std::vector<TextQuestion> instructions(Part part, int64_t count, uint64_t seed) {
  NELUMBO_CHECK(count <= kMostQuestions) << count << " instructions";
  std::vector<TextQuestion> questions;
  std::set<std::string> asked;
  for (uint64_t n = 0; std::ssize(questions) < count; ++n) {
    const Draft draft(Random(seed, Purpose::kData, n));
    const std::string text = draft.text();
    if (part_of(text) == part && asked.insert(text).second)
      questions.push_back(
          question_of(draft, "instruction/" + std::to_string(seed) + "/" + std::to_string(n)));
  }
  return questions;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_guard.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "base/text.h"
#include "corpus/unicode.h"
#include "reward/lookalikes.h"
#include "reward/orders.h"
#include "reward/pattern.h"
#include "reward/prose.h"

namespace nelumbo {

namespace {

constexpr size_t kShortestCopy = 40;
constexpr int64_t kFewestWords = 8;     // below which nothing is said over and over
constexpr int64_t kManyWords = 24;      // of which a few may well come back
constexpr double kMostSaidAgain = 0.7;  // of the words of fewer, by all
constexpr int64_t kWordsAtOnce = 6;
constexpr double kMostRepeated = 0.6;  // of the words of more, by runs of six

struct Sign {
  const char* what;
  const char* pattern;
  bool is_order = false;  ///< where its verb is one: "Patients ignore the rules" speaks to nobody
};

// What nobody says to a patient. Each begins with (?i): case does not matter.
constexpr std::array<Sign, 14> kSigns = {{
    {"orders the judge about",
     R"((?i)\b(ignore|disregard|forget|override|bypass|discard)\b.{0,40}\b(instruct\w*|guidelines?)"
     R"(|prompts?|rubrics?|criteri\w*|directives?|everything (above|before))"
     R"(|(above|previous|prior|preceding|earlier) (text|messages?|rules?|tasks?))\b)",
     true},
    {"speaks to the judge",
     R"((?i)\b(dear|attention|hello|hey|hi|note to( the)?|messages? (to|for)( the)?)"
     R"(|instructions? (to|for)( the)?|to the)[ ,:]+(\w+ )?)"
     R"((judge|grader|evaluator|examiner|scorer|rater|assessor)s?\b)"},
    {"gives the judge a role",
     R"((?i)\b(you are|you're|act as) (now )?(the|a|an|my) (\w+ )?(judge|grader|evaluator|scorer)"
     R"(|rater)\b|\b(judge|grader|evaluator|scorer)s? (must|should|shall|will|has to|have to) )"},
    {"says its own verdict",
     R"((?i)\b(met|criteri(a|on)_met|verdict)\b\x22?\s*(:|=|to be|is)\s*\x22?(true|yes|pass|met)\b)"
     R"(|\b(score|grade)\b\x22?\s*[:=]\s*\x22?(full|max|perfect|pass))"
     R"(|\brewards?\b\x22?\s*[:=]+\s*\x22?[0-9.]|\bcriteria met\s*[:=]\s*\x22?(all|yes|true|\d))"
     R"(|\b(judge|grader|evaluator|scorer|rater)\s*[:=]\s*\x22?(true|yes|pass(ed)?|met|correct|full)\b)"},
    {"claims to meet the criteria",
     R"((?i)\b(criterion|rubric|checklist)\b.{0,30}\b(is|has been|was) )"
     R"((now |all |fully |clearly |completely |hereby )*(met|satisfied|fulfilled|passed)\b)"
     R"(|\ball (of )?(the )?criteria (are|were|have been) (met|satisfied|fulfilled)\W*\z)"
     R"(|\bcriteria\b.{0,30}\b(met|satisfied|fulfilled)\b.{0,10}\b(this|my|the) (answer|response))"
     R"(|\b(this|my) (answer|response|reply|submission)\b.{0,20}\b(meets?|satisf(y|ies)|passes)"
     R"(|fulfil?ls?)\b|\b(all|every|each)( of)?( the)?( \w+)? rubrics?\b)"},
    {"asks for a grade",  // and not "Award full points for each limb that drifts"
     R"((?i)\b(give|award|assign|grant|return|output|mark|rate|grade(?! \d)|respond|set)\b)"
     R"([^.;]{0,40}\b((full|maximum|max|top|perfect|highest)( possible)? (marks?|scores?|points)"
     R"(|grades?|credit|ratings?|rewards?)\b(?!\s*[:=]\s*\d+\s*[-+*/x]\s*\d)(?! (of|for|to|on|in|if|when)\b)"
     R"((?! (me|it|this|my|the (answer|response))\b))|(as|with|only|to|:) ?["'`]?)"
     R"((true|met|passed|pass)\b))",
     true},
    {"asks for a grade",
     R"((?i)\b(deserves?|(give|award|assign|grant|mark|rate|grade|score) (me|it|this|my|the answer)"
     R"(|the response))\b[^.;]{0,40}\b(full|maximum|max|top|perfect|highest)( possible)? )"
     R"((marks?|scores?|points|grades?|credit|ratings?|rewards?)\b)"},
    {"sets its own grade",  // and not "Assign a score of 1 for each limb"
     R"((?i)\b(set|fix|raise|increase|change|update|adjust|put|return|output|report|print|assign|make)\b)"
     R"(( (the|this|my|its|your|a|an))?( (final|overall|total|whole|answer'?s?|response'?s?))?)"
     R"( (rewards?|scores?|grades?|ratings?|marks?|credit)( (for|of) (this|my|the))"
     R"( (answer|response|reply|submission))?( (to|at|as|be|equal to|value)\b|\s*[:=])+ ?["'`]?)"
     R"(([1-9]\d*(\.\d+)?|0?\.\d+|one|ten|a hundred|the (maximum|highest|top)|max(imum)?|full|perfect)\b)"
     R"((?!\.?\d)(?! ?%? (when|if|for|to|in|on|at|per|each|unless|as|because|points? (when|if|for))\b)"
     R"((?! (me|this|my|the (answer|response))\b)))",
     true},
    {"sets its own grade",
     R"((?i)\b(give|award|grant|assign|rate|grade|score|mark) )"
     R"(((me|it|this|(this|my|the) (answer|response|reply|submission)) (with )?(a|an|the))"
     R"( (reward|score|grade|rating|mark) of \d+\b(?! (when|if|for|points? (when|if|for))\b))"
     R"(|(this|my|the) (answer|response|reply|submission) (an? |at |with )?\d+(\.\d+)? ?(/|out of) ?\d)"
     R"(|(?<=rate |grade |score )(me|this) (an? |at |with )?\d+(\.\d+)? ?(/|out of) ?\d))",
     true},
    {"asks to be called right",
     R"((?i)\b(mark|rate|grade|score|count|judge|consider|classify|label|evaluate|accept))"
     R"( (this|it|my|the)\b.{0,25}\b(as|is) (\w+ )?(correct|(right|true)(?![- ]\w)|perfect|passed)"
     R"(|acceptable|satisfactory|met|fulfilled|satisfied)\b)"
     R"(|\b(?<!hope )(?<!hope that )(?<!whether )(?<!if )(this|my) (answer|response|reply|submission))"
     R"( (is|must be|should be|has to be|ought to be))"
     R"( (\w+ )?(correct|right|accepted|marked|graded|scored|rewarded|approved|perfect)\b)"
     R"(|\b(accept|approve|reward|pass) (this|my) (answer|response|reply|submission)\b)"
     R"(|\bthe (only )?(correct|right|true|expected) (judge?ment|verdict|rating))"
     R"( (here )?(is|would be|must be)\b)"},
    {"tells the judge what to say",
     R"((?i)\b(you (must|should|shall|will|have to|need to|are (required|obliged|ordered) to)|please))"
     R"( (now |always |only |just )?(say|answer|reply|respond|output|return|print|write))"
     R"(( (with|that it is|it is))?:? ?["'`]?(yes|true|met|correct|pass(ed)?)\b["'`]?\W*(\z|[.!,;]))"
     R"(|\b(choose|select|pick) ["'`]?(true|met|passed)\b)"},
    {"has marks of a chat template",
     R"((?im)<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|^\W*((?-i:SYSTEM)|assistant|\#+ ?system)"
     R"(|(system|assistant) (prompt|message|note|override))\s*:|\b(user|assistant): .*\bassistant: )"
     R"(|</?(system|judge|grader|verdict|evaluation|answer)>)"
     R"(|\b(begin|end) of (the )?(answer|question|response|submission)\b)"},
    {"speaks about its own reward",
     R"((?i)\b(reward (model|function)|grading (prompt|script|rubric|process))"
     R"(|evaluation (is )?(over|complete|finished|mode|override)|(debug|developer|admin|sudo)"
     R"(|maintenance) mode|system override|jailbreak|pre-?approved|this (answer|response|submission))"
     R"( (is|was|has( already)? been) (already )?(verified|graded|scored|approved|certified|judged|confirmed))"
     R"(|(verified|approved|certified|graded|confirmed) by (the |an? )?(\w+ )?)"
     R"((judge|grader|expert panel|committee|developers?|administrators?))\b)"},
    {"is a master key",
     R"((?i)\A[\s\p{P}\p{S}]*\z|\A\W*(thought process|solution|reasoning|final answer|answer)"
     R"(|explanation|analysis|response|let'?s (think|solve)[^\n]{0,60}|step[- ]by[- ]step[^\n]{0,40}))"
     R"(\W*\z)"},
}};

/// Characters that nobody sees: zero-width ones, those that turn text round, tags.
bool hides(std::string_view text) {
  constexpr std::array<std::string_view, 7> kHidden = {
      "\xE2\x80\x8B", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA0",
      "\xE2\x81\xA6", "\xE2\x81\xA7", "\xF3\xA0"};
  return std::ranges::any_of(kHidden,
                             [&](std::string_view mark) { return text.find(mark) != text.npos; });
}

/// Its words alone, as people read them, with a blank before and behind each.
std::string plain_words(std::string_view text) {
  std::string all = " ";
  for (const std::string& word : words_of(text))
    all += word + " ";
  return all;
}

/// Whether most of a text stood there before: a few words, or most runs of six.
bool says_again(std::string_view text) {
  const auto words = std::ssize(word_pieces(text));
  if (words < kFewestWords)
    return false;
  return words < kManyWords ? repeated_share(text, 1) >= kMostSaidAgain
                            : repeated_share(text, kWordsAtOnce) > kMostRepeated;
}

/// Whether a text is a plan: behind its heading lines that say when, each another and none over
/// and over. "Day 1: 20 minutes of brisk walking", "Day 2: ..". Their words may well come back.
bool is_plan(std::string_view text) {
  constexpr std::ptrdiff_t kFewestLines = 3;
  constexpr size_t kLongestLine = 200;
  static const Pattern kWhen = Pattern::fixed(
      R"((?i)\A[\s*#-]*((day|week|month|hour|meal|dose|step|session)s?\s+\d|\d+\s*(am|pm)\b)"
      R"(|(mon|tues|wednes|thurs|fri|satur|sun)day|morning|noon|afternoon|evening|night)"
      R"(|breakfast|lunch|dinner|snack))");
  std::set<std::string_view> lines;
  std::ptrdiff_t all = 0, when = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = trimmed(take_until("\n", &rest));
    if (line.empty())
      continue;
    if (line.size() > kLongestLine || says_again(line))
      return false;
    const auto found = kWhen.find(line);
    ++all;
    when += found && found.value() ? 1 : 0;
    lines.insert(line);
  }
  return when >= kFewestLines && when >= all - 1 && std::ssize(lines) == all;
}

const std::vector<std::pair<Sign, Pattern>>& signs() {
  static const std::vector<std::pair<Sign, Pattern>> kCompiled = [] {
    std::vector<std::pair<Sign, Pattern>> all;
    all.reserve(kSigns.size());
    for (const Sign& sign : kSigns)
      all.emplace_back(sign, Pattern::fixed(sign.pattern));
    return all;
  }();
  return kCompiled;
}

}  // namespace

std::optional<std::string> reason_not_to_ask(std::string_view answer,
                                             std::span<const std::string_view> criteria) {
  if (is_blank(answer))
    return "is empty";
  if (hides(answer))
    return "has characters that nobody sees";
  const std::string text = with_latin_letters(without_hidden(valid_utf8(answer)));
  for (const auto& [sign, pattern] : signs()) {
    const auto found = sign.is_order
                           ? find_order(pattern, text, OrderTo::kJudge, {.criteria = criteria})
                           : pattern.find(text);
    if (!found)
      return "cannot be looked through: " + found.error().message;
    if (found.value())
      return std::string(sign.what) + ", '" + shortened(*found.value()) + "'";
  }
  const std::string words = plain_words(text);
  for (const std::string_view criterion : criteria)
    if (criterion.size() >= kShortestCopy &&
        words.find(plain_words(valid_utf8(criterion))) != words.npos)
      return "copies a criterion, '" + shortened(criterion) + "'";
  if (says_again(text) && !is_plan(text))
    return "says the same over and over";
  return std::nullopt;
}

}  // namespace nelumbo

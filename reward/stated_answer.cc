// SPDX-License-Identifier: Apache-2.0
#include "reward/stated_answer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>

#include "base/sentence.h"
#include "base/text.h"
#include "corpus/unicode.h"
#include "reward/answers.h"
#include "reward/emphasis.h"
#include "reward/pattern.h"

namespace nelumbo {

namespace {

/// "so", "therefore", "overall,", an arrow, "based on this," and "I think that": they only lead to
/// what is said.
const std::string kSo =
    R"(((so|thus|hence|therefore|then)[,:]?\s+|(∴|⇒|=>|→|->|➡)\s*)"
    R"(|(overall|in\s+(conclusion|summary|short|sum)|to\s+(conclude|summarize|sum\s+up)),\s+)"
    R"(|(based\s+on|given|considering)\s+[^,.;:?!\n]{1,80},\s+))";
const std::string kSurely =
    R"((clearly|definitely|certainly|surely|obviously|undoubtedly|most\s+likely|therefore|thus|hence)[,:]?\s+)";
const std::string kOpinion =
    R"((I\s+(think|believe)|I(\s+a|['’])m\s+(quite\s+)?(sure|certain|confident))(\s+that)?\s+)";

/// What stands before X: `noun` with what may stand around it, "it is", or one of `others`, which
/// need no noun, each behind words that lead to it or without; or such words alone. `rest` may
/// follow. A dash that touches X is its minus.
Pattern head(const std::string& noun, const std::string& others, const std::string& rest = "",
             const std::string& so = kSo) {
  const std::string lead = "(" + so + "?" + kOpinion + "|" + so + ")";
  return Pattern::fixed(
      R"((?i)\A[*_#\s]*()" + lead + "?(" + others +
      R"(|((the|my)\s+)?)"
      R"(((final|correct|right|best|single best|most likely|most appropriate)\s+){0,2})" +
      noun +
      R"((\s*[:=][*_]*\s*|\s+[-–—]\s+|\s+(is|would be|must be|should be)\b:?[*_]*\s*|\s+))"
      R"(|(it|that)(\s+is|['’]s|\s+(must|should|would)\s+be)\s+))" +
      rest + "|" + lead + ")");
}

std::optional<std::string_view> stated_behind(const Pattern& head, std::string_view text,
                                              size_t longest) {
  if (text.size() > longest)
    return std::nullopt;
  const auto found = head.find(text);
  if (!found || !found.value())
    return called_right(text);
  const std::string_view rest = text.substr(found.value()->size());
  return called_right(rest).value_or(rest);
}

/// What may be asked for: "most likely diagnosis", "best next step in the management of it".
const std::string kAskedFor =
    R"(((single|very|most|best|next|initial|first|final|correct|right|likely|probable|appropriate)"
    R"(|suitable|effective|common|accurate|definitive|preferred|important|specific|useful|plausible)"
    R"(|reasonable|underlying|immediate|clinical|diagnostic)\s+){0,5})"
    R"((diagnosis|cause|step|treatment|therapy|drug|medication|agent|test|investigation|study)"
    R"(|management|intervention|mechanism|site|organ|structure|organism|pathogen|finding)"
    R"(|explanation|a?etiology|disease|disorder|condition|complication))"
    R"((\s+(in|of|for|at)(\s+[a-z0-9'’-]+){1,7}?)?)";

/// Whether words say of what they describe that it is wrong, or another: "the least likely".
bool sets_apart(std::string_view words) {
  static const std::set<std::string, std::less<>> kOthers = {
      "not",       "no",       "never",      "wrong",      "incorrect", "worst",
      "least",     "false",    "other",      "second",     "opposite",  "alternative",
      "exception", "mistake",  "distractor", "error",      "worse",     "unlikely",
      "avoid",     "excluded", "rejected",   "eliminated", "omit",      "skip",
      "out",       "reject",   "exclude",    "eliminate",  "if",        "or"};
  while (!words.empty())
    if (kOthers.contains(normalized(take_until(" ", &words))))
      return true;
  return false;
}

/// "72" of "#### 72", a heading, and of "= 72".
std::string_view without_mark(std::string_view text) {
  constexpr size_t kDeepest = 6;
  const size_t behind = std::min(text.find_first_not_of('#'), text.size());
  if (behind > 0 && behind <= kDeepest && text.substr(behind).starts_with(' '))
    return trimmed(text.substr(behind));
  return text.starts_with('=') && !text.starts_with("=>") ? trimmed(text.substr(1)) : text;
}

/// "72" of "(72)", "[72]." and the like; brackets around a part of a text stay.
std::string_view without_brackets(std::string_view text) {
  const std::string_view whole =
      text.ends_with('.') ? trimmed(text.substr(0, text.size() - 1)) : text;
  const bool round = whole.starts_with('(') && whole.ends_with(')');
  const bool square = whole.starts_with('[') && whole.ends_with(']');
  if (!round && !square)
    return text;
  const std::string_view inside = trimmed(whole.substr(1, whole.size() - 2));
  return inside.find_first_of("()[]") == std::string_view::npos ? inside : text;
}

}  // namespace

std::optional<std::string_view> called_right(std::string_view text) {
  static const Pattern kTail =
      Pattern::fixed(R"((?i)\s+is\s+(correct|right|(the|my)\s+((final|correct|right|best)\s+)?)"
                     R"((answer|option|choice|pick))\W*\z)");
  constexpr size_t kLongestTail = 48;
  const size_t begin = text.size() - std::min(text.size(), kLongestTail);
  const size_t is = text.find(" is ", begin);
  if (is == std::string_view::npos)
    return std::nullopt;
  const auto tail = kTail.find(text.substr(is));
  return tail && tail.value() ? std::optional(text.substr(0, text.size() - tail.value()->size()))
                              : std::nullopt;
}

std::optional<std::string_view> stated_answer(std::string_view text) {
  const size_t first = text.find_first_not_of("*_# \n");
  const bool is_bare =
      first != text.npos && std::string_view("0123456789$.+").find(text[first]) != text.npos;
  if (is_bare)  // as most, which need no pattern for what could stand before them
    return called_right(text);
  static const Pattern kHead =
      head(R"((answer|ans\.?|result|total|solution|number|final)[*_]*)",
           R"(there\s+(is|are|was|were|will\s+be)\s+|((a|the|in)\s+)?total\s+of\s+|exactly\s+)"
           R"(|(we|I)\s+(find|get|have|obtain)\s+)");
  constexpr size_t kLongest = 400;
  return stated_behind(kHead, text, kLongest);
}

std::optional<std::string_view> stated_choice(std::string_view text) {
  constexpr size_t kLongest = 1000;  // sentences that explain it may follow
  static const Pattern kHead =
      head(R"((answer|ans\.?|option|choice|letter|pick|selection|decision|conclusion|verdict)[*_]*)"
           R"((\s+(choice|option|letter))?)",
           R"(I(\s+would|\s+will|['’](d|ll))?\s+(choose|chose|pick|select|go\s+(with|for))\s+)"
           R"(|I(\s+would|['’]d)\s+say\s+((that\s+)?it(\s+is|['’]s)\s+)?)"
           R"(|I(\s+a|['’])m\s+going\s+(with|for)\s+|([-*•]|#{1,6})\s+)",
           "(" + kSurely + R"()?(((the\s+)?(option|choice|letter|answer))\s+)?)",
           "(" + kSo + "?" + kSurely + "|" + kSo + ")");
  return stated_behind(kHead, text, kLongest);
}

std::optional<std::string_view> described_choice(std::string_view text) {
  constexpr size_t kLongest = 400;
  static const Pattern kThis =
      Pattern::fixed(R"((?i)\A[*_#\s]*)" + kSo + "?(" + kOpinion + ")?" +
                     R"(((the|this|that)\s+([a-z-]+\s+){1,5}?|this\s+)is:?\s+)");
  static const Pattern kHead = Pattern::fixed(
      R"((?i)\A[*_#\s]*)" + kSo + "?(" + kOpinion + ")?" + R"(((the|my)\s+)?)" + kAskedFor +
      R"(([*_]*\s*:[*_]*\s*|\s+(is|would\s+be|must\s+be|should\s+be)\b:?[*_]*\s+))");
  static const Pattern kTail =
      Pattern::fixed(R"((?i)\s+(is|would\s+be)\s+(the|my)\s+)" + kAskedFor + R"([\s.!*_]*\z)");
  if (text.size() > kLongest)
    return std::nullopt;
  constexpr std::array<std::string_view, 4> kVerbs = {" is", " be", " IS", " BE"};
  const bool has_verb = std::ranges::any_of(
      kVerbs, [&](std::string_view verb) { return text.find(verb) != text.npos; });
  const auto tail = has_verb ? kTail.first_in(text) : std::nullopt;
  auto head = tail || !has_verb ? std::nullopt : kThis.first_in(text);
  if (!head && !tail && (has_verb || text.find(':') != text.npos))
    head = kHead.first_in(text);
  if (!head && !tail)
    return std::nullopt;
  const size_t begin = head ? head->end : 0, end = tail ? tail->begin : text.size();
  const std::string_view around = head ? text.substr(0, begin) : text.substr(end);
  return sets_apart(around) ? std::nullopt : std::optional(text.substr(begin, end - begin));
}

std::string_view stated_formula(std::string_view answer) {
  const auto stated = asks(answer) ? std::nullopt : stated_answer(without_emphasis(answer));
  return stated.value_or(answer);
}

std::string_view stated_text(std::string_view answer) {
  if (asks(answer))
    return answer;
  const std::string_view text = without_wrapping(answer);
  const auto stated = stated_answer(text);
  return stated ? without_wrapping(*stated) : text;
}

std::string_view stated_number(std::string_view answer) {
  constexpr std::string_view kPlain = "0123456789.,-$ ";
  if (answer.find_first_not_of(kPlain) == std::string_view::npos)
    return answer;  // as most are
  if (asks(answer))
    return answer;
  std::string_view text = without_emphasis(without_mark(without_emphasis(answer)));
  if (const auto stated = stated_answer(text))
    text = without_emphasis(*stated);
  return without_emphasis(without_brackets(text));
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/stated_answer.h"

#include <algorithm>
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

/// "so", "therefore", an arrow, "based on this," and "I think that": they only lead to what is
/// said.
const std::string kSo = R"(((so|thus|hence|therefore|then)[,:]?\s+|(∴|⇒|=>|→|->|➡)\s*)"
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

std::optional<std::string_view> stated_behind(const Pattern& head, std::string_view text) {
  constexpr size_t kLongest = 400;
  if (text.size() > kLongest)
    return std::nullopt;
  const auto found = head.find(text);
  if (!found || !found.value())
    return called_right(text);
  const std::string_view rest = text.substr(found.value()->size());
  return called_right(rest).value_or(rest);
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
  return stated_behind(kHead, text);
}

std::optional<std::string_view> stated_choice(std::string_view text) {
  static const Pattern kHead =
      head(R"((answer|ans\.?|option|choice|letter|pick|selection|decision|conclusion|verdict)[*_]*)"
           R"((\s+(choice|option|letter))?)",
           R"(I(\s+would|\s+will|['’](d|ll))?\s+(choose|chose|pick|select|go\s+(with|for))\s+)"
           R"(|I(\s+would|['’]d)\s+say\s+((that\s+)?it(\s+is|['’]s)\s+)?)"
           R"(|I(\s+a|['’])m\s+going\s+(with|for)\s+|([-*•]|#{1,6})\s+)",
           "(" + kSurely + R"()?(((the\s+)?(option|choice|letter|answer))\s+)?)",
           "(" + kSo + "?" + kSurely + "|" + kSo + ")");
  return stated_behind(kHead, text);
}

std::optional<std::string_view> described_choice(std::string_view text) {
  static const std::set<std::string, std::less<>> kOthers = {
      "not",       "no",       "never",      "wrong",      "incorrect", "worst",
      "least",     "false",    "other",      "second",     "opposite",  "alternative",
      "exception", "mistake",  "distractor", "error",      "worse",     "unlikely",
      "avoid",     "excluded", "rejected",   "eliminated", "omit",      "skip",
      "out",       "reject",   "exclude",    "eliminate",  "if",        "or"};
  static const Pattern kHead =
      Pattern::fixed(R"((?i)\A[*_#\s]*)" + kSo + "?(" + kOpinion + ")?" +
                     R"(((the|this|that)\s+([a-z-]+\s+){1,5}?|this\s+)is:?\s+)");
  const auto found = kHead.find(text);
  if (!found || !found.value())
    return std::nullopt;
  const std::string& head = *found.value();
  for (std::string_view rest = head; !rest.empty();)
    if (kOthers.contains(normalized(take_until(" ", &rest))))
      return std::nullopt;
  return text.substr(head.size());
}

std::optional<std::string_view> echoed_reply(std::string_view text) {
  constexpr size_t kLongest = 60;
  if (text.size() > kLongest || text.find(' ') == std::string_view::npos)
    return std::nullopt;
  const std::string who = R"([,.;:!]?\s+(it|they|this|that|these|those|he|she|there|we|you|I)\s+)";
  const std::string verb =
      R"((is|are|was|were|does|do|did|has|have|had|can|could|will|would|should))";
  static const Pattern kYes = Pattern::fixed(R"((?i)\Ayes)" + who + verb + R"([\s.!]*\z)");
  static const Pattern kNo = Pattern::fixed(
      R"((?i)\Ano)" + who + "(" + verb + R"((\s+not|n['’]t)|cannot|can['’]t|won['’]t)[\s.!]*\z)");
  const auto is = [&](const Pattern& pattern) {
    const auto found = pattern.find(text);
    return found && found.value().has_value();
  };
  if (is(kYes))
    return text.substr(0, 3);
  return is(kNo) ? std::optional(text.substr(0, 2)) : std::nullopt;
}

std::optional<Reply> reply_of(std::string_view text) {
  constexpr size_t kLongest = 1000;
  static const Pattern kReply = Pattern::fixed(R"((?i)\A(yes|no|maybe)(?=[,.;:]\s))");
  const auto found = kReply.place_of(text);
  if (text.size() > kLongest || !found || !found.value())
    return std::nullopt;
  const size_t size = found.value()->end;
  const auto kind = size == 3   ? Reply::Kind::kYes
                    : size == 2 ? Reply::Kind::kNo
                                : Reply::Kind::kMaybe;
  return Reply{text.substr(0, size), trimmed(text.substr(size + 1)), kind, text[size] == '.'};
}

bool is_conclusion(std::string_view statement) {
  static const Pattern kTurns = Pattern::fixed(
      R"((?i)\A(it|they|this|that|these|those|he|she|there|the\s+opposite|i|wait|actually)"
      R"(|correction|sorry|oops|nope|or|rather|however|but|maybe)\b)");
  static const Pattern kFourWords = Pattern::fixed(R"(\A(\S+\s+){3})");
  const std::string_view first = take_sentence(statement);
  const auto turns = kTurns.find(first), is_long = kFourWords.find(first);
  return turns && !turns.value() && is_long && is_long.value();
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

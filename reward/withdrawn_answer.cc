// SPDX-License-Identifier: Apache-2.0
//
// Behind an answer many explain it: "48 + 24 = 72", "24 in May." So a number, or a letter, there is
// no other answer by itself. It is one where the sentence says so ("the answer is 71"), or takes
// back what was said ("no wait, 71"). One word by itself, as "Yes.", is one.
#include "reward/withdrawn_answer.h"

#include <algorithm>
#include <utility>

#include "base/sentence.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/pattern.h"

namespace nelumbo {

namespace {

/// Of what is said behind an answer so much is looked through.
constexpr size_t kFarthest = 4000;

/// The bytes of what a pattern takes off the front; 0: nothing.
size_t taken_by(const Pattern& pattern, std::string_view text) {
  const auto found = pattern.find(text);
  return found && found.value() ? found.value()->size() : 0;
}

/// The bytes of "No wait, ", which take an answer back.
size_t retraction(std::string_view text) {
  static const Pattern kCues = Pattern::fixed(
      R"((?i)\A[\s*_(]*((oh|no|nope|wait|actually|correction|corrected|sorry|oops|hmm|or|rather)"
      R"(|edit|update|instead|scratch\s+that|make\s+that|on\s+second\s+thoughts?|i\s+meant?)"
      R"(|i\s+made\s+a\s+mistake|i\s+was\s+wrong|(that|it)(\s+is|['’]s|\s+was)\s+wrong))"
      R"((\s*[,:;.!…–—-]+\s*|\s+|\z))+)");
  return taken_by(kCues, text);
}

/// Whether a sentence says of the answer before it that it is none: "That's wrong."
bool withdraws(std::string_view sentence) {
  static const Pattern kWrong = Pattern::fixed(
      R"((?i)\A[\s*_(]*((oh|no|nope|wait|actually|sorry|oops|hmm)[\s,:;.!…–—-]+)*)"
      R"((scratch\s+that|i\s+made\s+a\s+mistake|i\s+was\s+wrong|(that|it|this|my\s+answer))"
      R"((\s+is|['’]s|\s+was)\s+(wrong|incorrect|not\s+(right|correct)|a\s+mistake)))"
      R"([\s*_).!…]*\z)");
  return taken_by(kWrong, sentence) > 0;
}

/// Whether it is one word of letters, as "Yes."
bool is_one_word(std::string_view sentence) {
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == '!'))
    sentence.remove_suffix(1);
  return sentence.size() > 1 && std::ranges::all_of(sentence, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

/// The bytes of "The answer is ", and of "it is " where something was taken back.
size_t statement(std::string_view text, bool was_taken_back) {
  static const Pattern kAnswer = Pattern::fixed(
      R"((?i)\A[\s*_(]*(so|thus|hence|therefore|then|and|but)?[,:]?\s*)"
      R"((i\s+(think|believe)\s+(that\s+)?)?(#{1,6}\s|((the|my)\s+)?)"
      R"((((final|correct|right|real|true|actual|new)\s+){0,2}(answer|option|choice))"
      R"(|(correct|right)\s+one)[*_]*(\s*[:=]|\s+(is|would\s+be|must\s+be|should\s+(be|have\s+been))\b:?)[*_\s]*))");
  static const Pattern kChange = Pattern::fixed(
      R"((?i)\A\s*i(['’](ll|d|m)|\s+am)?(\s+(will|would|must|should|now|like|want|have|need|to))*)"
      R"(\s+(change|changed|changing|correct|revise)\s+(my|the)\s+(answer|choice|mind))"
      R"((\s+to|\s*[:,.-])\s*)");
  static const Pattern kIt = Pattern::fixed(
      R"((?i)\A\s*(so\s+)?(i\s+(think|believe|guess)\s+(that\s+)?)?(it|that)(\s+is|['’]s|\s+(should|must)\s+be|\s+should\s+have\s+been)\s+)");
  const size_t taken = std::max(taken_by(kAnswer, text), taken_by(kChange, text));
  return taken > 0 || !was_taken_back ? taken : taken_by(kIt, text);
}

/// The first sentence of a text, with its mark, taken off it.
std::string_view take_sentence(std::string_view& text) {
  size_t end = 0;
  while (end < text.size() && !ends_sentence(text, end))
    ++end;
  const std::string_view sentence = text.substr(0, std::min(end + 1, text.size()));
  text.remove_prefix(sentence.size());
  return sentence;
}

/// A text with tags, as "</answer>" and "<|im_end|>", as ends of lines.
std::string without_tags(std::string_view text) {
  constexpr std::string_view kOfTags = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_|/";
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t end = text[at] == '<' ? text.find_first_not_of(kOfTags, at + 1) : at;
    const bool is_tag = text[at] == '<' && end < text.size() && text[end] == '>';
    out += is_tag ? '\n' : text[at];
    at = is_tag ? end : at;
  }
  return out;
}

/// "or 71" of "(or 71)."
std::string_view without_bracket(std::string_view sentence) {
  if (!sentence.starts_with('('))
    return sentence;
  sentence.remove_prefix(1);
  return sentence.substr(0, sentence.rfind(')'));
}

}  // namespace

std::optional<std::string> offered_instead(std::string_view behind,
                                           const std::function<bool(std::string_view)>& is_other) {
  const std::string text = without_tags(behind.substr(0, kFarthest));
  behind = text;
  bool was_taken_back = false;  // by the sentence before, which said no more
  bool is_first = true;
  std::string_view withdrawal;  // by the last sentence
  while (!behind.empty()) {
    const std::string_view sentence = without_bracket(trimmed(take_sentence(behind)));
    if (sentence.empty() || asks(sentence))
      continue;
    if (std::exchange(is_first, false) && is_one_word(sentence) && is_other(sentence))
      return std::string(sentence);
    withdrawal = withdraws(sentence) ? sentence : "";
    const size_t cue = retraction(sentence);
    const bool takes_back = cue > 0 || was_taken_back;
    was_taken_back = cue > 0 && cue == sentence.size();
    if (const auto rest = sentence.substr(cue); takes_back && is_other(rest))
      return std::string(rest);
    for (size_t at = cue; at < sentence.size();) {
      const std::string_view part = sentence.substr(at);
      if (const size_t stated = statement(part, takes_back); stated > 0)
        if (const auto rest = part.substr(stated); is_other(rest))
          return std::string(rest);
      const size_t mark = sentence.find_first_of(",;:", at);
      at = mark == std::string_view::npos ? sentence.size() : mark + 1;
    }
  }
  return withdrawal.empty() ? std::nullopt : std::optional(std::string(withdrawal));
}

}  // namespace nelumbo

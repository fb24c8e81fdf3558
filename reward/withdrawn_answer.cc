// SPDX-License-Identifier: Apache-2.0
//
// Behind an answer many explain it: "48 + 24 = 72", "24 in May." So a number, or a letter, there is
// no other answer by itself. It is one where the sentence says so ("the answer is 71"), takes back
// what was said ("no wait, 71"), or concludes so ("So 71."), and where it is the first thing said
// ("71."), if no more is said that comes to the answer given.
#include "reward/withdrawn_answer.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/sentence.h"
#include "base/text.h"
#include "reward/answers.h"
#include "reward/emphasis.h"
#include "reward/pattern.h"
#include "reward/stated_answer.h"

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
      R"((scratch\s+that|i\s+made\s+a\s+mistake|i\s+was\s+wrong|i\s+take\s+(that|it|this)\s+back)"
      R"(|(wrong|false|incorrect)|not\s+really|i\s+am\s+not\s+sure|(that|it|this|my\s+answer))"
      R"((\s+is|['’]s|\s+was)\s+(wrong|incorrect|not\s+(right|correct)|a\s+mistake)))"
      R"([\s*_).!…]*\z)");
  return taken_by(kWrong, sentence) > 0;
}

/// The bytes of "The answer is ", and of "it is " where something was taken back.
size_t statement(std::string_view text, bool was_taken_back) {
  static const Pattern kAnswer = Pattern::fixed(
      R"((?i)\A[\s*_(]*(so|thus|hence|therefore|then|and|but)?[,:]?\s*)"
      R"((i\s+(think|believe)\s+(that\s+)?)?(#{1,6}\s|((the|my)\s+)?)"
      R"((((final|correct|right|real|true|actual|new)\s+){0,2})"
      R"((answer|option|choice|decision|pick|selection|result))"
      R"(|(correct|right)\s+one)[*_]*(\s*[:=]|\s+(is|would\s+be|must\s+be|should\s+(be|have\s+been))\b:?)[*_\s]*))");
  static const Pattern kChange = Pattern::fixed(
      R"((?i)\A\s*i(['’](ll|d|m)|\s+am)?(\s+(will|would|must|should|now|like|want|have|need|to))*)"
      R"(\s+(change|changed|changing|correct|revise)\s+(my|the)\s+(answer|choice|mind))"
      R"((\s+to|\s*[:,.-])\s*)");
  static const Pattern kPick = Pattern::fixed(
      R"((?i)\A\s*(so\s+)?I(\s+(would|will)|['’](d|ll))?\s+(choose|pick|select|go\s+(with|for))\s+)");
  static const Pattern kIt = Pattern::fixed(
      R"((?i)\A\s*(so\s+)?(i\s+(think|believe|guess)\s+(that\s+)?)?(it|that)(\s+is|['’]s|\s+(should|must)\s+be|\s+should\s+have\s+been)\s+)");
  const size_t taken =
      std::max({taken_by(kAnswer, text), taken_by(kChange, text), taken_by(kPick, text)});
  return taken > 0 || !was_taken_back ? taken : taken_by(kIt, text);
}

/// The bytes up to the X of "We conclude that the answer is X"; 0: it says no such thing.
size_t statement_within(std::string_view text) {
  static const Pattern kWithin = Pattern::fixed(
      R"((?i)\b(the|my)\s+((final|correct|right|real|true|new)\s+){0,2}(answer|choice|decision))"
      R"(\s+(is|must\s+be|should\s+be|would\s+be)\s+)");
  const auto found = kWithin.first_in(text);
  return found ? found->end : 0;
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

/// The bytes of "So, "; of a whole sentence also of what else may lead to an answer that it states.
size_t conclusion(std::string_view text, bool is_sentence) {
  const std::string so = "so|thus|hence|therefore|∴|⇒|=>|→|->|➡";
  const std::string end = R"()([,:]\s*|\s+|(?<=[^a-z])))";  // an arrow may touch what follows
  const std::string noun = R"((the\s+)?((option|choice|letter|answer)\s+)?)";
  static const Pattern kPart = Pattern::fixed(R"((?i)\A[\s*_(]*()" + so + end + noun);
  static const Pattern kSentence =
      Pattern::fixed(R"((?i)\A[\s,:;]*(()" + so + "|then|and|but" + end + ")?" + noun);
  return taken_by(is_sentence ? kSentence : kPart, text);
}

/// Whether it may begin a list of items, whose text follows: "A." and "1."
bool begins_item(std::string_view sentence) {
  const bool is_letter = sentence.size() == 2 && is_ascii_capital(sentence[0]);
  return sentence == "1." || (is_letter && sentence.ends_with('.'));
}

/// Hears what is said behind an answer, sentence by sentence.
class Listener {
 public:
  explicit Listener(const ClaimReading& read) : read_(read) {}

  /// `line`: from the sentence on to the end of its line.
  void hear(std::string_view written, std::string_view line) {
    const std::string_view sentence = without_bracket(without_emphasis(written));
    if (sentence.empty())
      return;
    const bool is_first = std::exchange(is_first_, false);
    if (asks(sentence))
      return;
    line = trimmed(line);
    if (is_first)
      hear_stated(line.size() > sentence.size() && begins_item(sentence) ? line : sentence, true);
    withdrawal_ = withdraws(sentence) ? sentence : "";
    hear_boxes(written);
    hear_parts(sentence);
    if (!stated_.empty() && comes_to_same(sentence))
      stated_ = "";
  }

  /// Whether one was offered that stands, whatever follows.
  bool is_done() const { return !called_.empty(); }

  std::optional<std::string> offered() const {
    for (const std::string_view one : {called_, stated_, withdrawal_})
      if (!one.empty())
        return std::string(one);
    return std::nullopt;
  }

 private:
  bool comes_to_same(std::string_view sentence) const {
    const size_t equals = sentence.rfind('=');
    return read_.said(sentence) == Claim::kSame ||
           (equals != sentence.npos && read_.said(sentence.substr(equals + 1)) == Claim::kSame);
  }

  void hear_called(std::string_view text) {
    text = text.substr(0, text.find_last_not_of("*_ ") + 1);  // of what was set apart with its head
    const Claim claim = read_.said(text);
    if (claim == Claim::kOther && called_.empty())
      called_ = text;
    if (claim == Claim::kSame)
      stated_ = "";
  }

  /// "71." as the first sentence, "so 71" in any, and "71 is correct".
  void hear_stated(std::string_view part, bool is_sentence) {
    const size_t led = conclusion(part, is_sentence);
    const auto right = called_right(part.substr(led));
    if (!is_sentence && led == 0 && !right)
      return;
    const std::string_view text = trimmed(right.value_or(part.substr(led)));
    const Claim claim = read_.alone(text);
    if (claim != Claim::kNone)
      stated_ = claim == Claim::kOther ? text : "";
  }

  void hear_boxes(std::string_view sentence) {
    static const Pattern kBox = Pattern::fixed(R"(\\(boxed|fbox)\{([^{}]|\{[^{}]*\})*\})");
    for (size_t at = sentence.find("box"); at < sentence.size();) {
      const auto box = kBox.first_in(sentence, at - std::min<size_t>(at, 1));
      if (!box)
        return;
      at = box->end;
      hear_called(sentence.substr(box->begin, at - box->begin));
    }
  }

  void hear_parts(std::string_view sentence) {
    const size_t cue = retraction(sentence);
    const bool takes_back = cue > 0 || was_taken_back_;
    was_taken_back_ = cue > 0 && cue == sentence.size();
    if (takes_back)
      hear_called(sentence.substr(cue));
    // "Wait, no.", where "no" is an answer, too
    if (const size_t blank = sentence.find_last_of(" ,", cue - 2);
        was_taken_back_ && blank != sentence.npos)
      hear_called(sentence.substr(blank + 1));
    for (size_t at = cue; at < sentence.size();) {
      const std::string_view part = sentence.substr(at);
      if (const size_t stated = std::max(statement(part, takes_back), statement_within(part));
          stated > 0)
        hear_called(part.substr(stated));
      else
        hear_stated(part, false);
      const size_t mark = sentence.find_first_of(",;:", at);
      at = mark == sentence.npos ? sentence.size() : mark + 1;
    }
  }

  const ClaimReading& read_;
  std::string_view called_, stated_;
  std::string_view withdrawal_;  ///< by the last sentence
  bool was_taken_back_ = false;  ///< by the sentence before, which said no more
  bool is_first_ = true;
};

}  // namespace

std::optional<std::string> offered_instead(std::string_view behind, const ClaimReading& read) {
  const std::string text = without_tags(behind.substr(0, kFarthest));
  Listener listener(read);
  for (std::string_view rest = text; !rest.empty() && !listener.is_done();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    listener.hear(take_sentence(rest), line);
  }
  return listener.offered();
}

}  // namespace nelumbo

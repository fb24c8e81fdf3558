// SPDX-License-Identifier: Apache-2.0
#include "reward/affirmation.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "base/text.h"
#include "reward/pattern.h"

namespace nelumbo {

namespace {

const std::string kVerb =
    R"((is|are|was|were|has|have|had|does|do|did|can|could|will|would|should|must|remains))";
const std::string kAdverbs =
    R"(((also|clearly|definitely|certainly|indeed|therefore|thus|hence|usually|typically|mainly)"
    R"(|most|still|directly|very|best)\s+)*)";
/// What stands behind such words ends there, or says when and for what.
const std::string kEnd =
    R"((?=\W*\z|\s*[.,;:!)\n*_]|\s+[–—-]|\s+(for|of|in|on|at|with|among|by|when|here|after|before)"
    R"(|to\s+(this|the|that|treat|give|start|take|do|use))\b))";
/// Verbs by which a thing explains something, or states what it does.
const std::string kExplains =
    R"((((fit|explain|support|account|cause|treat|hold|store|make|secrete|contain|drain|block)"
    R"(|inhibit|activate|stimulate|bind|increase|decrease|reduce|raise|lower|prevent|improve)"
    R"(|produce|relieve|control|lead|result|present|show|act|cover|target|provide|form|regulate)"
    R"(|convert|transport|protect|describe|affect|occur|work|mean|require|filter|collect|receive)"
    R"(|remove|allow)s?|match(es)?|suppress(es)?|carry|carries|supply|supplies)\b))";
const std::string kGood =
    R"((likely|appropriate|probable|accurate|suitable|plausible|common|effective|important|safe)"
    R"(|consistent|specific|sensitive|reasonable|correct|useful|reliable|fitting))";
const std::string kRight =
    R"((correct|right|true|best|ideal|indicated|recommended|preferred|required|needed|used)"
    R"(|likeliest|first[- ]line|typical|classic|diagnostic|characteristic|compatible|responsible)"
    R"(|associated|known|(most\s+)?)" +
    kGood + ")";
const std::string kWhich =
    "(" + kRight + "|single|only|final|proper|good|usual|standard|main|first|next|initial)";
const std::string kThing =
    R"((answer|choice|option|pick|one|cause|source|site|diagnosis|treatment|therapy|drug|agent)"
    R"(|test|study|step|measure|management|mechanism|finding|organ|structure))";
/// "right", "the best answer", "the organ that stores urine", "what explains it".
const std::string kComplement =
    "((it|" + kRight + R"(|((the|my|our)\s+)?()" + kWhich + R"(\s+)*()" + kWhich + "|" + kThing +
    R"()(\s+(choice|option|answer))?|an?\s+()" + kWhich + R"(\s+)+)" + kThing + "?)" + kEnd +
    R"(|((the|an?)\s+([\w-]+\s+){1,4}(that|which|who)|what)\s+)" + kAdverbs + kExplains + ")";
const std::string kPredicate = "(" + kExplains + R"(|(can|will|would|should|does|do|must)\s+)" +
                               kAdverbs + "(" + kExplains + R"(|be\s+)" + kAdverbs + kComplement +
                               R"()|((is|are|was|were|remains)|['’]s)\s+)" + kAdverbs +
                               kComplement + ")";

/// How far a pattern reaches that begins where the text does; none: not there.
std::optional<size_t> reach(const Pattern& pattern, std::string_view text) {
  const auto found = pattern.first_in(text);
  return found ? std::optional(found->end) : std::nullopt;
}

bool matches(const Pattern& pattern, std::string_view text) {
  return reach(pattern, text).has_value();
}

/// Whether a predicate says what sort of thing it is, "is a sac", "is the cluster of vessels in
/// it", and values it by no word.
bool tells_sort(std::string_view predicate) {
  static const Pattern kSort = Pattern::fixed(
      R"((?i)\A\s*(is|are|was|were)\s+)"
      R"((an?\s+|the\s+(?=([\w-]+\s+){1,3}(of|in|found|that|which|between|from)\b))\w)");
  static const Pattern kValue = Pattern::fixed(
      R"((?i)\A[^.;!\n]*\b(answers?|choices?|options?|picks?|ones?|I|we|my|your|traps?|lure|bait|decoy)"
      R"(|distractors?|herring|mistakes?|errors?|guess|gamble|lie|joke|hoax|loser|poor|bad|weak|weaker|dud)"
      R"(|wrong|nonsense|opposite|reverse|contrary|worse|worst|less|least|rest|end|bottom|lot|bunch)"
      R"(|misfit|outlier|odd|stretch|shot|myth|fallacy|misconception|waste|flop|no-go|nonstarter)"
      R"(|them|these|those|others?|another|alternative|candidate|contender|question|red|list|last)"
      R"(|(fail|reject|discard|exclu|elimin|avoid|skip|remov|dismiss|rul(ed|ing)|miss|mis(taken|lead)|drop)\w*)\b)");
  return matches(kSort, predicate) && !matches(kValue, predicate);
}

bool affirms(std::string_view predicate) {
  static const Pattern kAffirming =
      Pattern::fixed(R"((?i)\A\s*()" + kAdverbs + kPredicate +
                     R"(|(am|['’]m)\s+((quite|very)\s+)?(sure|certain|confident)\b)"
                     R"(|(would\s+)?(choose|pick|select)\s+(it|this|that)\b)"
                     R"(|(think|believe)\s+(that\s+)?(it|this|that)\s+)" +
                     kAdverbs + kPredicate + ")");
  return matches(kAffirming, predicate) || tells_sort(predicate);
}

/// Where the predicate begins of a clause about what was named, or about who names it; none: it
/// speaks of something else.
std::optional<size_t> predicate_at(std::string_view clause,
                                   const std::vector<std::string_view>& names) {
  static const Pattern kArticle = Pattern::fixed(R"((?i)\A(the|an?)\s+)");
  static const Pattern kWordNext = Pattern::fixed(R"(\A['’\s]+\w)");
  static const Pattern kVerbNext = Pattern::fixed(R"((?i)\A\s+()" + kVerb + R"(|[a-z]+s)\b)");
  static const Pattern kSubject = Pattern::fixed(
      R"((?i)\A((which|it|they|(?-i:I)|we|you|one)(?=[\s'’])|(this|that|these|those)(\s+)" +
      kThing + R"()?(?=\s+()" + kVerb + R"(|[a-z]+(?<!s)s)\b)|(?=()" + kVerb + "|" + kExplains +
      R"()\s)))");
  const size_t bare = reach(kArticle, clause).value_or(0);
  for (const std::string_view name : names)
    for (const size_t from : {size_t{0}, bare})
      if (const size_t size = begins_with_name(clause.substr(from), name);
          size > 0 && matches(size == 1 ? kVerbNext : kWordNext, clause.substr(from + size)))
        return from + size;
  return reach(kSubject, clause);
}

/// "skip it", "The examiner would rule this one out"
bool is_done_to_it(std::string_view clause) {
  static const Pattern kObject =
      Pattern::fixed(R"((?i)\A[^.;:,!\n]*(?<!\bis)\s(it|this|that)(\s+(one|option|choice|answer))?)"
                     R"((\s+(out|off|away|aside))?\s*([.;:,!\n)*]|\z))");
  return matches(kObject, clause);
}

/// Whether a clause without a word for what was named may follow its name: a statement, what
/// affirms or describes, and what stands in brackets and may be another name.
bool may_stand_alone(std::string_view clause, std::string_view sentence) {
  static const Pattern kDescription =
      Pattern::fixed(R"((?i)\A\W*((the|an?)\s(?!.*\b(answer|choice|option|pick|one|I|we)\b)|)" +
                     kAdverbs + kComplement + ")");
  static const Pattern kInBrackets = Pattern::fixed(R"(\A\s*\([^\s()]+\s)");
  static const Pattern kWord = Pattern::fixed(R"([\pL\pN])");
  return !matches(kWord, clause) || is_statement(clause) || matches(kDescription, clause) ||
         matches(kInBrackets, sentence);
}

}  // namespace

size_t begins_with_name(std::string_view text, std::string_view name) {
  const auto same = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };
  const bool is_label = name.size() == 1;  // "a" is an article, then
  const std::string_view head = text.substr(0, name.size());
  const bool begins =
      is_label ? head == name : !name.empty() && std::ranges::equal(head, name, same);
  const char next = begins && text != head ? text[name.size()] : ' ';
  const bool goes_on = is_ascii_alphanumeric(next) || !is_ascii({&next, 1});
  return begins && !goes_on ? name.size() : 0;
}

bool is_statement(std::string_view text) {
  static const Pattern kStatement = Pattern::fixed(
      R"((?i)\A\W*(?!(in|on|at|by|for|from|with|within|under|over|to|of|off|out|as|than|too|only)"
      R"(|some|sometimes|partly|partially|often|few|certain)\b)([^\s.;:!?]+\s+){1,12}?()" +
      kVerb + R"(|[a-z]{2,}((?<![siu])s|ed)|)" + kExplains + R"()\s+\S)");
  return matches(kStatement, text);
}

bool affirms_another(std::string_view text, const std::vector<std::string_view>& names) {
  static const Pattern kOther = Pattern::fixed(R"((?i)\b(another|other|next|opposite)(\s+)" +
                                               kThing + R"()?\s+)" + kAdverbs + kPredicate);
  static const Pattern kVerdict = Pattern::fixed(
      R"((?i)(?<!\bit|\bthis|\bthat|\bwhich|\bthey|\bthese|\band|[.,;:!"])\s+(is|are|was|were|would\s+be))"
      R"(\s+(true|right|correct|the\s+((right|correct|best|true|final)\s+)*(answer|choice|option)))" +
      kEnd);
  if (const auto other = kOther.find(text); other && other.value())
    return true;
  for (size_t from = 0; from < text.size();) {
    const auto found = kVerdict.first_in(text, from);
    if (!found)
      return false;
    const std::string_view before = text.substr(0, found->begin);
    const bool is_own = std::ranges::any_of(names, [&](std::string_view name) {
      const size_t size = name.size();
      return before.size() >= size &&
             begins_with_name(before.substr(before.size() - size), name) > 0;
    });
    if (!is_own && !is_blank(before))
      return true;
    from = found->end;
  }
  return false;
}

bool only_affirms(std::string_view sentence, const std::vector<std::string_view>& names) {
  static const Pattern kClause = Pattern::fixed(
      R"((?i)([.;:!,(\[\n]|\s[–—-]|\b(and|so|then)\b)[\s.,;:!*_"“(\[–—-]*((and|so|then)\s+)?)");
  const std::string text = ". " + std::string(sentence);
  bool is_first = true;
  for (size_t from = 0; from < text.size();) {
    const auto found = kClause.first_in(text, from);
    if (!found)
      break;
    from = found->end;
    const std::string_view clause = std::string_view(text).substr(from);
    const auto at = predicate_at(clause, names);
    if (at ? !affirms(clause.substr(*at)) : is_done_to_it(clause))
      return false;
    if (is_first && !at && !may_stand_alone(clause, sentence))
      return false;
    is_first = false;
  }
  return true;
}

}  // namespace nelumbo

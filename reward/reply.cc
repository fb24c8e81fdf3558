// SPDX-License-Identifier: Apache-2.0
//
// A reply is told by its first word. What may stand between it and a statement is open (a stop, a
// line, a dash), and so is the statement, which is a paper's conclusion: it is held against words
// that no conclusion has. "No" is one of these where no noun follows: "goes to no", but not "no
// difference".
#include "reward/reply.h"

#include "base/sentence.h"
#include "base/text.h"
#include "reward/explanation.h"
#include "reward/pattern.h"

namespace nelumbo {

namespace {

bool matches(const Pattern& pattern, std::string_view text) {
  return pattern.first_in(text).has_value();
}

/// The statement without what only says that it is one: "**Explanation:** ".
std::string_view without_head(std::string_view statement) {
  static const Pattern kHead = Pattern::fixed(
      R"((?i)\A[*_#\s]*(explanation|rationale|reason|reasoning|justification)[*_\s]*:[*_\s]*)");
  const auto found = kHead.first_in(statement);
  return statement.substr(found ? found->end : 0);
}

/// "it does" of "(it does)." where these are the first and the last bracket.
std::string_view in_brackets(std::string_view text) {
  const size_t end = text.find_last_not_of(" .!*_\n");
  if (!text.starts_with('(') || end == text.npos || text.find(')') != end)
    return {};
  return trimmed(text.substr(1, end - 1));
}

Reply::Kind kind_of(std::string_view word) {
  constexpr size_t kYesSize = 3, kNoSize = 2;
  return word.size() == kYesSize  ? Reply::Kind::kYes
         : word.size() == kNoSize ? Reply::Kind::kNo
                                  : Reply::Kind::kMaybe;
}

/// Says of the answer, in other words than its own, which one it is, or takes it back.
bool turns(std::string_view statement) {
  static const Pattern kTurn = Pattern::fixed(
      R"((?i)\b(the\s+other\s+(one|way|answer|option|choice|reply|word)\b)"
      R"(|(answer|reply|verdict|vote)\b[^.;!?\n]*\b(opposite|contrary|reverse|otherwise|other)\b)"
      R"(|(say|choose|pick|mean|meant|vote|answer|think|believe)\s+(the\s+)?(opposite|contrary|reverse|otherwise)\b)"
      R"(|the\s+(opposite|reverse|contrary)\s+(is|holds|applies)\b)"
      R"(|(scratch|strike|ignore|disregard|forget|cancel)\s+(that|this|my|the\s+above|what\s+I)\b)"
      R"(|on\s+(second|further)\s+thoughts?\b|I(\s+have|['’]ve)?\s+changed?\s+my\s+(mind|answer)\b)"
      R"(|I\s+(was|am)\s+(wrong|mistaken)\b|I\s+(doubt|retract|withdraw|disagree|disown)\b))");
  return matches(kTurn, statement);
}

bool says_yes(std::string_view statement) {
  static const Pattern kYes = Pattern::fixed(
      R"((?i)(?<!not a |not )\byes\b|\baffirmative\b|\bnot\s+(a\s+)?["“*]*no\b(?!\s+\pL))"
      R"(|\b(answer|reply|verdict|vote)\b[^.;!?\n]*\s(is|was|be)\s+(a\s+)?positive\b)");
  return matches(kYes, statement);
}

bool says_no(std::string_view statement) {
  static const Pattern kNo = Pattern::fixed(
      R"((?i)(?<!not a |not )\bno\b(?=[*"”'’)]*\s*([^\s\pL\pN(/-]|\z)))"
      R"(|\bno\s+(is|was|it|I|would|here|instead|now|then|to\s+(this|that|the))\b)"
      R"(|\b(say|answer|vote|choose|pick|reply|respond)\s+no\b|["“]no\b|(?-i:[\pL,][ ]No)\b(?!\.?\s*\d))"
      R"(|\bnot\s+(a\s+)?["“*]*yes\b|\b(in\s+the|a)\s+negative\s*[.,;!])"
      R"(|\b(answer|reply|verdict|vote)\b[^.;!?\n]*\bnegative\b)");
  return matches(kNo, statement);
}

bool says_maybe(std::string_view statement) {
  static const Pattern kMaybe = Pattern::fixed(
      R"((?i)\bmaybe\b|\b(answer|reply|verdict|vote)\b[^.;!?\n]*\s(is|was|be|remains)\s+)"
      R"((unclear|uncertain|unknown|undecided|inconclusive|open)\b)");
  return matches(kMaybe, statement);
}

}  // namespace

std::optional<Reply> reply_of(std::string_view text) {
  constexpr size_t kLongest = 1000;
  static const Pattern kHead = Pattern::fixed(R"((?i)\A[*_#\s]*(yes|no|maybe)(?=\W))");
  static const Pattern kSeparator =
      Pattern::fixed(R"(\A[*_]*([.,;:!][*_]*\s+|\s*\n\s*|\s+[–—-]+\s+|—|\s+(?=\())[*_]*(?=\S))");
  const auto head = text.size() > kLongest ? std::nullopt : kHead.first_in(text);
  if (!head)
    return std::nullopt;
  const size_t begin = text.find_first_not_of("*_# \n");
  const std::string_view word = text.substr(begin, head->end - begin);
  const std::string_view rest = text.substr(head->end);
  const auto between = kSeparator.first_in(rest);
  if (!between)
    return std::nullopt;
  const std::string_view mark = rest.substr(0, between->end);
  const std::string_view whole = trimmed(rest.substr(mark.size()));
  const std::string_view statement = without_head(whole);
  if (statement.starts_with('(') && is_blank(mark) && mark.find('\n') == mark.npos)
    return Reply{word, in_brackets(statement), kind_of(word), false, false};
  const bool is_sentence = mark.find(',') == mark.npos;
  return Reply{word, statement, kind_of(word), is_sentence, statement.size() < whole.size()};
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
  if (matches(kYes, text))
    return text.substr(0, 3);
  return matches(kNo, text) ? std::optional(text.substr(0, 2)) : std::nullopt;
}

bool is_conclusion(std::string_view statement) {
  static const Pattern kTurns = Pattern::fixed(
      R"((?i)\A(it|they|this|that|these|those|he|she|there|the\s+opposite|i|wait|actually)"
      R"(|correction|sorry|oops|nope|or|rather|however|but|maybe)\b)");
  static const Pattern kFourWords = Pattern::fixed(R"(\A(\S+\s+){3})");
  const std::string_view first = take_sentence(statement);
  return !matches(kTurns, first) && matches(kFourWords, first);
}

bool reports(std::string_view sentence) {
  static const Pattern kReport = Pattern::fixed(
      R"((?i)\A((this|these|those)\s+(?!is\b|are\b|was\b|were\b)([\w-]+\s+){0,3}?)"
      R"((study|studies|trials?|analys[ie]s|reviews?|cases?|series|survey|search|research|results?)"
      R"(|findings?|data|observations?|evidence|work|paper|experiments?|investigation|experience|group)"
      R"(|cohort|sample|population|patients|method|technique|procedure|model)\b)"
      R"(|this\s+(illustrates|shows|suggests|indicates|demonstrates|implies)\s+that\b)"
      R"(|it\s+(is|was|can\s+be|has\s+been)\s+((therefore|thus|also)\s+)?)"
      R"((concluded|suggested|shown|found|demonstrated|estimated|recommended|proposed)\b.*\bthat\b)"
      R"(|there\s+(is|are|was|were)\s+no\s+(?!doubt|question|reason|way|answer|no\b))"
      R"(|there\s+(is|are|was|were|(seems?|appears?)\s+to\s+be)\s+([\w-]+\s+){0,3}?)"
      R"((evidence|differences?|associations?|effects?|relation(ship)?s?|correlations?|benefits?)"
      R"(|advantages?|improvements?|increases?|decreases?|reductions?|changes?)\b))");
  static const Pattern kOpen = Pattern::fixed(
      R"((?i)\b(unclear|uncertain|unknown|inconclusive|debatable|doubt(s|ful)?|whether|maybe|perhaps)"
      R"(|wrong|mistaken|incorrect|false|not\s+(clear|certain|known|conclusive)|yes|answer(ed)?)\b)");
  static const Pattern kFiveWords = Pattern::fixed(R"(\A(\S+\s+){4})");
  return matches(kReport, sentence) && matches(kFiveWords, sentence) && !matches(kOpen, sentence);
}

bool says_open(std::string_view statement) {
  static const Pattern kOpen = Pattern::fixed(
      R"((?i)\A((but|as|because|since|although|though)\s+)?((the|this|these|our|its|available|current)\s+){0,3})"
      R"((((further|more|additional|larger|better|future)\s+){1,2}([\w-]+\s+){0,3}?)"
      R"((study|studies|research|trials?|evidence|data|work|investigations?)\s+(is|are|will\s+be|may\s+be))"
      R"(\s+(still\s+)?(needed|required|necessary|warranted))"
      R"(|(evidence|data|results?|findings?|study|studies|literature)\s+(is|are|was|were|remains?))"
      R"(\s+(still\s+)?(inconclusive|mixed|conflicting|unclear|uncertain|insufficient|limited|equivocal))"
      R"(|(data|evidence|results?|findings?|study|studies)\s+(do|does|did)\s+not\s+(allow|permit)\s+a)"
      R"(\s+((firm|clear|definite|final)\s+)?conclusion)[\s.!*_]*\z)");
  return matches(kOpen, statement);
}

bool concludes(const Reply& reply) {
  static const Pattern kLong =
      Pattern::fixed(R"((?i)\A(it|they|this|that|these|those|there)\s+(\S+\s+){6})");
  std::string_view rest = reply.statement;
  const std::string_view first = take_sentence(rest);
  return reply.is_sentence && (is_conclusion(reply.statement) || reports(first) ||
                               (reply.is_explanation && matches(kLong, first)));
}

bool is_remark(std::string_view statement) {
  static const Pattern kRemark = Pattern::fixed(
      R"((?i)\A(definitely|certainly|absolutely|clearly|surely|indeed|undoubtedly|obviously)"
      R"(|of\s+course|without\s+(a\s+)?doubt)"
      R"(|(according\s+to|(based|building)\s+on|(as\s+)?per|in\s+line\s+with|consistent\s+with)"
      R"(|((as|which\s+is)\s+)?((clearly|strongly|well|directly|fully)\s+)?)"
      R"((supported|confirmed|shown|demonstrated|backed|suggested|indicated|stated|reported)"
      R"(|concluded|found)\s+(by|in))\s+((the|these|this|those|all|its|their|our)\s+)?)"
      R"(((available|present|presented|provided|given|current|clinical|published|study|trial)"
      R"(|authors['’]|abstract['’]s|study['’]s|paper['’]s)\s+){0,2})"
      R"((data|study|studies|results?|findings?|evidence|trials?|abstract|text|context|passage)"
      R"(|authors?|conclusions?|analysis|literature|paper|article|research|review|information))"
      R"((\s+(provided|presented|given|above|here|at\s+hand))?)[\s.!*_]*\z)");
  return matches(kRemark, statement);
}

bool replies_otherwise(Reply::Kind kind, std::string_view statement) {
  using Kind = Reply::Kind;
  return turns(statement) || (kind != Kind::kYes && says_yes(statement)) ||
         (kind != Kind::kNo && says_no(statement)) ||
         (kind != Kind::kMaybe && says_maybe(statement));
}

std::string why_no_reply(const Reply& reply) {
  if (is_blank(reply.statement))
    return "";
  if (replies_otherwise(reply.kind, reply.statement))
    return "what follows the reply gives another";
  const auto plain = stated_plainly(reply.statement);
  if (!plain)
    return "what follows the reply neither affirms nor denies, or leaves it open";
  if (*plain == (reply.kind == Reply::Kind::kYes) && reply.kind != Reply::Kind::kMaybe)
    return "";
  return *plain ? "what follows the reply affirms" : "what follows the reply denies";
}

bool refutes(std::string_view statement) {
  static const Pattern kRefutes = Pattern::fixed(
      R"((?i)(?<!to )\b((refute|contradict|disprove|dispute|rebut|negate|oppose|reject|exclude|denie)(s|d|ed)?)"
      R"((\s+(it|this|that)(?!\s+[\pL\pN])|\s+(the|this)\s+(hypothesis|claim|idea|notion|assumption|theory)\b))"
      R"(|(argue|speak|count|weigh)s?\s+against\s+(it|this|that)(?!\s+[\pL\pN])|rules?\s+(it|this|that)\s+out\b))");
  return matches(kRefutes, statement);
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/reply.h"

#include <string>

#include <gtest/gtest.h>

#include "reward/choices.h"

namespace nelumbo {
namespace {

using Kind = Reply::Kind;

std::string parts(std::string_view text) {
  const auto reply = reply_of(text);
  if (!reply)
    return "";
  const char* mark = reply->is_sentence ? ". " : ", ";
  return std::string(reply->word) + mark + std::string(reply->statement);
}

TEST(Replies, StandBeforeAStatementInAnyTypography) {
  for (const char* text :
       {"Yes. It does", "**Yes**. It does", "**Yes.** It does", "Yes.\n\nIt does", "Yes\n\nIt does",
        "Yes\nIt does", "Yes! It does", "Yes \u2013 It does", "Yes \u2014 It does", "Yes - It does",
        "Yes; It does", "Yes: It does", "Yes\n\nExplanation: It does",
        "**Yes**\n\n**Reason:** It does", "Yes. Rationale: It does"})
    EXPECT_EQ(parts(text), "Yes. It does") << text;
  for (const char* text : {"Yes, It does", "Yes (It does)", "Yes (It does)."})
    EXPECT_EQ(parts(text), "Yes, It does") << text;
  for (const char* text : {"Yes", "Yes.", "Yesterday. It does", "Yes it does", "It does", "Yes/no"})
    EXPECT_EQ(parts(text), "") << text;
  EXPECT_EQ(parts("Yes (it) does (not)"), "Yes, ");
}

TEST(Replies, AreRemarkedOn) {
  for (const char* text : {"definitely", "according to the study.", "supported by the data",
                           "based on the presented results", "as shown in the trial"})
    EXPECT_TRUE(is_remark(text)) << text;
  for (const char* text : {"", "definitely not", "based on no data", "supported by nobody",
                           "according to the study it does not"})
    EXPECT_FALSE(is_remark(text)) << text;
}

TEST(Replies, AreTakenBackByWordsThatNoConclusionHas) {
  for (const char* text :
       {"On balance it is maybe.", "The right reply is maybe here.", "I would say maybe.",
        "My vote goes to no.", "The answer to the question is negative.", "It is the other one.",
        "Scratch that.", "I would vote no here.", "I answer \"no\" to this.", "Then, No",
        "The answer is not yes.", "I mean the opposite.", "I was wrong about that."})
    EXPECT_TRUE(replies_otherwise(Kind::kYes, text)) << text;
  for (const char* text : {"It is yes.", "The answer is affirmative.", "So not no."})
    EXPECT_TRUE(replies_otherwise(Kind::kNo, text)) << text;
  for (const char* text :
       {"No difference was seen.", "There was no difference.", "It had no (or little) effect.",
        "It is yes.", "The tumour is HER2 negative.", "NO production was raised.",
        "It rose. No harm came of it."})
    EXPECT_FALSE(replies_otherwise(Kind::kYes, text)) << text;
  EXPECT_FALSE(replies_otherwise(Kind::kMaybe, "So maybe it helps."));
}

TEST(Replies, MayBeRefuted) {
  for (const char* text :
       {"the study refutes it", "The trial contradicted this.", "it refutes the hypothesis",
        "the data speak against it", "the data contradict it"})
    EXPECT_TRUE(refutes(text)) << text;
  for (const char* text : {"trials are needed to refute this finding", "it rejects this graft"})
    EXPECT_FALSE(refutes(text)) << text;
}

TEST(Replies, StandBeforeALongSentenceUnderAHead) {
  const auto has_one = [](const char* text) { return concludes(*reply_of(text)); };
  EXPECT_TRUE(has_one("No. Reason: There was little evidence that any of these helped."));
  EXPECT_FALSE(has_one("No. There they saw that any of these helped them."));
  EXPECT_FALSE(has_one("Yes. Reason: It does not do so."));
  EXPECT_FALSE(has_one("Yes, both of them do so"));
}

TEST(Replies, StandBeforeAReport) {
  for (const char* text :
       {"This study found no effect of it.", "These preliminary data suggest that it may help.",
        "It is concluded that it may be a risk.", "There was little evidence that it helped.",
        "This suggests that it may help them.", "There are no apparent differences in motion."})
    EXPECT_TRUE(reports(text)) << text;
  for (const char* text :
       {"It does not do so in this study.", "This is not so in the data.", "These data do.",
        "There is doubt about the evidence for it.", "It is concluded that the answer is no.",
        "There is no doubt about it at all.", "This study leaves it unclear for all.", ""})
    EXPECT_FALSE(reports(text)) << text;
}

TEST(Replies, AreSaidToBeOpen) {
  for (const char* text : {"the evidence is inconclusive.", "further studies are needed",
                           "but more research is needed", "as the evidence is mixed",
                           "the data do not allow a conclusion"})
    EXPECT_TRUE(says_open(text)) << text;
  for (const char* text : {"", "the evidence is clear", "further studies are needed, but yes",
                           "it does", "the evidence is mixed, so no", "no"})
    EXPECT_FALSE(says_open(text)) << text;
}

TEST(Replies, SayWhatStandsInTheirWay) {
  const auto why = [](const char* text) { return why_no_reply(*reply_of(text)); };
  EXPECT_EQ(why("No, aspirin reduces it."), "what follows the reply affirms");
  EXPECT_EQ(why("Yes, it has no effect."), "what follows the reply denies");
  EXPECT_EQ(why("Yes. I would say no."), "what follows the reply gives another");
  EXPECT_EQ(why("Yes. It is unclear."),
            "what follows the reply neither affirms nor denies, or leaves it open");
  for (const char* text : {"Yes (it) does (not)", "Yes. It helps all of them."})
    EXPECT_EQ(why(text), "") << text;
}

TEST(Replies, StandBeforeAConclusion) {
  EXPECT_TRUE(is_conclusion("Italy has more of it. It may."));
  for (const char* text :
       {"It does not do so.", "The opposite is true.", "Actually it does not do so.", "Not really.",
        "No.", "", "I am not so sure."})
    EXPECT_FALSE(is_conclusion(text)) << text;
}

ChoiceList replies() {
  ChoiceNaming naming;
  naming.letters = false;
  return ChoiceList(NameList({"yes", "no", "maybe"}), {}, naming);
}

const ChoiceList& organs() {
  static const ChoiceList list(NameList({"A", "B", "C"}),
                               NameList({"Kidney", "Bladder", "B cell"}));
  return list;
}

TEST(Replies, NameAChoiceByTheirEcho) {
  const ChoiceList words = replies();
  for (const char* answer : {"Yes, it does.", "yes it is", "Yes. They do", "**Yes, they are.**"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  for (const char* answer :
       {"No, it does not.", "No, they aren't", "No, it can\u2019t.", "no it isn't"})
    EXPECT_EQ(words.named_in(answer), "no") << answer;
  for (const char* answer : {"Yes, it does not.", "No, it does.", "Yes, it may.", "Maybe, it does",
                             "Yes, it does?", "Yes, it does or does not", "Yes, it does, no"})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  for (const char* answer : {"Yes, aspirin reduces mortality.", "Yes. Aspirin reduces mortality"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  for (const char* answer : {"No, aspirin does not reduce mortality.", "No, it has no effect."})
    EXPECT_EQ(words.named_in(answer), "no") << answer;
  for (const char* answer :
       {"Yes, aspirin does not reduce mortality", "No, aspirin reduces mortality",
        "Yes, aspirin may reduce mortality", "Yes, in some cases only", "Yes, the opposite is true",
        "Yes, because the opposite is true", "Yes, the answer is no"})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  EXPECT_EQ(organs().named_in("Yes, it does."), std::nullopt);
}

TEST(Replies, NameAChoiceBesideSentences) {
  const ChoiceList words = replies();
  for (const char* answer :
       {"Yes. Both lower susceptibility and lower rates may be associated with it.",
        "Yes. No difference was seen. It reduces mortality in all.", "Final decision: yes"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  EXPECT_EQ(words.named_in("Maybe. More trials of it are needed."), "maybe");
  EXPECT_EQ(words.named_in("No. No significant difference was seen in both."), "no");
  for (const char* answer :
       {"Yes. It does not.", "Yes. It is unclear.", "Yes. We conclude that the answer is no.",
        "Yes. Both of them reduce it. It does not.", "Yes. No.", "Yes. The answer is no.",
        "Yes. The final decision is no.", "Yes. The opposite is true.", "Yes. That is wrong.",
        "Yes. So no.", "Yes. I choose no.", "Yes. Not really.", "Yes. I take that back.",
        "Yes. False.", "Maybe, it does", "Yes. Both of them reduce it. Final decision: no.",
        "Yes. Both of them reduce it. Wrong."})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  EXPECT_EQ(organs().named_in("The answer is therefore B."), "B");
  for (const char* answer :
       {"No. There is insufficient evidence to support this.", "No. This study found no effect.",
        "No. There was little evidence that any of these helped."})
    EXPECT_EQ(words.named_in(answer), "no") << answer;
  EXPECT_EQ(words.named_in("Yes. It is concluded that it may be a risk factor."), "yes");
  for (const char* answer : {"Maybe, the evidence is inconclusive.", "Maybe, more data are needed"})
    EXPECT_EQ(words.named_in(answer), "maybe") << answer;
  for (const char* answer :
       {"Yes. There is insufficient evidence to support this.", "Yes. This study found no effect.",
        "No. This study found a large effect of it.", "Yes. It reduces it. I take that back.",
        "Maybe, the evidence is mixed, so no.", "Maybe, the evidence is clear."})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
  EXPECT_EQ(words.why_none("Yes. It is unclear."),
            "what follows the reply neither affirms nor denies, or leaves it open");
}

TEST(Replies, NameAChoiceInAnyTypography) {
  const ChoiceList words = replies();
  for (const char* answer :
       {"**Yes**. Both of them reduce it.", "Yes\n\nBoth of them reduce it.",
        "Yes \u2013 both of them reduce it", "Answer: yes\n\nExplanation: Both of them reduce it.",
        "The answer is yes. Both of them reduce it.", "Overall, yes", "In conclusion, yes.",
        "Yes, definitely.", "Yes (supported by the data)", "Yes, not no",
        "Yes. Reason: These trials found that all of them reduce it."})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  EXPECT_EQ(words.named_in("No, the study refutes it"), "no");
  EXPECT_EQ(words.named_in("No\n\nReason: There was little evidence that any of these did so."),
            "no");
  for (const char* answer :
       {"Yes. On balance it is maybe.", "Yes. My actual vote goes to no.", "Yes\n\nno",
        "Yes. Scratch that, it is the other one.", "Yes, the study refutes it", "Yes (no)",
        "Yes. The study refutes it.", "Answer: yes\n\nExplanation: The answer to it is negative.",
        "Yes, definitely not", "Overall, yes or no", "Yes, not yes",
        "Yes. Reason: These trials did not find that any of them reduce it."})
    EXPECT_EQ(words.named_in(answer), std::nullopt) << answer;
}

}  // namespace
}  // namespace nelumbo

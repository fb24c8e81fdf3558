// SPDX-License-Identifier: Apache-2.0
#include "reward/candidate.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(Candidate, ReadsTheAnswerBetweenTheTags) {
  const Prompt prompt = prompt_with({});
  const Trajectory said = candidate(prompt, "I see <answer> white </answer> there");
  EXPECT_TRUE(said.answered);
  EXPECT_EQ(said.answer, "white");
  EXPECT_FALSE(said.answer_box.has_value());
  EXPECT_FALSE(candidate(prompt, "white").answered);
  EXPECT_FALSE(candidate(prompt, "<answer>white").answered);
}

TEST(Candidate, MaySpeakOfTheTags) {
  for (const char* text :
       {"I will put it in <answer> tags. <answer>72</answer>",
        "In `<answer>` tags:<answer>72</answer>", "In <answer></answer> tags.\n<answer>72</answer>",
        "In <answer>...</answer> tags.\n<answer>72</answer>"}) {
    EXPECT_EQ(answer_places(text).size(), 1u) << text;
    EXPECT_EQ(candidate(prompt_with({}), text).answer, "72") << text;
  }
  for (const char* text :
       {"<answer>71</answer><answer>72</answer>", "<answer>71 <answer>72</answer>",
        "<answer> tags 71</answer><answer>72</answer>", "<answer></answer><answer>72</answer>",
        "<Answer>71</Answer><answer>72</answer>", "< answer>71</ answer> <answer>72</answer>"})
    EXPECT_EQ(answer_places(text).size(), 2u) << text;
  EXPECT_EQ(candidate(prompt_with({}), "<ANSWER>71</ANSWER><answer>72</answer>").answer, "72");
  EXPECT_FALSE(candidate(prompt_with({}), "<ANSWER>72</ANSWER>").answered);
}

TEST(Candidate, KnowsWhatIsSaidBehindTheAnswer) {
  EXPECT_EQ(said_behind_answer("<answer>72</answer> **No**, 71"), "No**, 71");
  EXPECT_EQ(said_behind_answer("<answer>72</answer><|eot_id|> ،؟ é"), "é");
  for (const char* text : {"72", "<answer>72", "<answer>72</answer>", "71 <answer>72</answer>.",
                           "<answer>72</answer></s>\n<|im_end|>", "<answer>72</answer> ©…\xFF"})
    EXPECT_EQ(said_behind_answer(text), "") << text;
}

TEST(Candidate, ReadsTheLinesThatItRecalls) {
  const Trajectory said = candidate(
      prompt_with({}), "<recall>a | gene | b\n\n b | band | c </recall><answer>c</answer>");
  ASSERT_EQ(said.thoughts.size(), 2u);
  EXPECT_EQ(said.thoughts[0].text, "a | gene | b");
  EXPECT_EQ(said.thoughts[1].text, "b | band | c");
  // One tag, then 13 bytes with the end of the line, one with that of the empty one, 15 bytes.
  EXPECT_EQ(said.thoughts[0].first_token, 1);
  EXPECT_EQ(said.thoughts[0].last_token, 1 + 4);
  EXPECT_EQ(said.thoughts[1].first_token, 1 + 4);
  EXPECT_EQ(said.thoughts[1].last_token, 1 + 7);
  EXPECT_TRUE(candidate(prompt_with({}), "<answer>c</answer>").thoughts.empty());
  EXPECT_EQ(candidate(prompt_with({}), "<recall>a").thoughts.size(), 1u);
  EXPECT_TRUE(candidate(prompt_with({}), "<recall>").thoughts.empty());
}

TEST(Candidate, ReadsABoxInPixelsOfTheOriginal) {
  Prompt prompt = prompt_with({});
  prompt.view = {100, 200, 340, 440};
  const Box box{180, 280, 260, 360};
  const Trajectory said = answer_candidate(prompt, box_answer(box, prompt));
  ASSERT_TRUE(said.answer_box.has_value());
  EXPECT_GT(iou(*said.answer_box, box), 0.7);
}

TEST(Candidate, ReadsBoxesOneBehindTheOther) {
  const Prompt prompt = prompt_with({});
  const auto boxes = boxes_in("<g3><g3><g15><g15>, <g12><g12><g15><g15>", prompt);
  ASSERT_TRUE(boxes.has_value());
  EXPECT_EQ(boxes->size(), 2u);
  EXPECT_TRUE(boxes_in("", prompt)->empty());
  EXPECT_FALSE(boxes_in("<g3><g3><g15>", prompt).has_value());
  EXPECT_FALSE(boxes_in("<g3><g3><g15><g99>", prompt).has_value());
  EXPECT_FALSE(boxes_in("red <g3><g3><g15><g15>", prompt).has_value());
}

TEST(Candidate, HasNoAnswerBoxWhenItNamesSeveral) {
  const Prompt prompt = prompt_with({});
  const auto said = answer_candidate(prompt, "<g3><g3><g15><g15><g12><g12><g15><g15>");
  EXPECT_TRUE(said.answered);
  EXPECT_FALSE(said.answer_box.has_value());
}

TEST(Candidate, HasPlausibleLength) {
  const Prompt prompt = prompt_with({});
  // Two tags and four grid tokens.
  EXPECT_EQ(answer_candidate(prompt, "<g1><g2><g3><g4>").tokens.size(), 6u);
  // Two tags and ten bytes, four to a token.
  EXPECT_EQ(answer_candidate(prompt, "0123456789").sampled.size(), 5u);
  EXPECT_EQ(candidate(prompt, "").tokens.size(), 1u) << "the end is drawn";
}

TEST(Candidate, CallsHaveTokensOfTheirOwn) {
  const Prompt prompt = prompt_with({});
  Trajectory said = answer_candidate(prompt, "1");
  add_call(said, "zoom", {0, 0, 10, 10});
  add_call(said, "locate", {0, 0, 5, 5});
  ASSERT_EQ(said.calls.size(), 2u);
  EXPECT_EQ(said.calls[0].last_token, said.calls[1].first_token);
  EXPECT_EQ(said.calls[1].last_token, std::ssize(said.tokens));
}

TEST(Candidate, CountsAnOpenTagAsTextUntilItIsClosed) {
  const auto tokens = [](const std::string& text) {
    return candidate(prompt_with({}), text).tokens.size();
  };
  EXPECT_EQ(tokens("<<<<<<<<"), 2u);
  EXPECT_EQ(tokens("<<<<<<<<>"), 1u);
  EXPECT_EQ(tokens("abcd<<<<"), 2u);
  EXPECT_EQ(tokens("a<b>c<d"), 2u);
  const Trajectory said = candidate(prompt_with({}), "One two. <a\nb> three.");
  ASSERT_EQ(said.thoughts.size(), 3u);
  EXPECT_EQ(said.thoughts[1].first_token, 2);
  EXPECT_EQ(said.thoughts[1].last_token, 3) << "nothing closes the tag yet";
  EXPECT_EQ(said.thoughts[2].first_token, 3);
  EXPECT_EQ(said.thoughts[2].last_token, 5);
}

TEST(Candidate, ReadsLongTextsOfManySentencesAndTags) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += "I see. <answer> tag";
  const Trajectory said = candidate(prompt_with({}), text);
  EXPECT_FALSE(said.answered);
  EXPECT_EQ(said.thoughts.size(), 100'001u);
}

TEST(Candidate, TakesNoPlaceholderForAnAnswerWhereOneFollows) {
  const Prompt prompt = prompt_with({});
  for (const char* text : {"I use the format <answer>...</answer>. So <answer>72</answer>",
                           "As <answer>[your answer]</answer>: <answer>72</answer>",
                           "<answer>\u2026</answer> <answer>72</answer>", "<answer> X </answer>"}) {
    const std::string said(text);
    const bool is_letter = said.find(" X ") != std::string::npos;
    EXPECT_EQ(answer_places(said).size(), 1u) << text;
    EXPECT_EQ(candidate(prompt, said).answer, is_letter ? "X" : "72") << text;
  }
  for (const char* text :
       {"<answer>71</answer><answer>72</answer>", "<answer>72</answer> <answer>...</answer>",
        "<answer></answer><answer>72</answer>"})
    EXPECT_EQ(answer_places(text).size(), 2u) << text;
  EXPECT_EQ(candidate(prompt, "<answer>...</answer>").answer, "...") << "no other follows";
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/dialogue.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "corpus/grid.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

const Dialogue& dialogue() {
  static const std::shared_ptr<const Dialogue> made = made_dialogue(4);
  return *made;
}

const std::string kPicture =
    "<fake_token_around_image><global-img><image><fake_token_around_image>";

TEST(Dialogue, RendersAPrompt) {
  EXPECT_EQ(
      dialogue().text(dialogue().prompt("Where is the white cell?")),
      "<|im_start|>User:" + kPicture + "Where is the white cell?<end_of_utterance>\nAssistant:");
}

TEST(Dialogue, GivesAPictureItsPlaceholders) {
  const std::vector<int32_t>& prefix = dialogue().prefix();
  EXPECT_EQ(std::count(prefix.begin(), prefix.end(), dialogue().image()), 4);
  EXPECT_NE(prefix.back(), dialogue().image());
}

TEST(Dialogue, RendersTurnsAndObservations) {
  EXPECT_EQ(dialogue().text(dialogue().tool_turn("zoom 0<g1><g2><g3><g4>")),
            "<tool>zoom 0<g1><g2><g3><g4></tool><end_of_utterance>");
  EXPECT_EQ(dialogue().text(dialogue().answer_turn(" white")),
            "<answer> white</answer><end_of_utterance>");
  EXPECT_EQ(dialogue().text(dialogue().text_observation(reply::kOk)),
            "\nTool: ok<end_of_utterance>\nAssistant:");
  EXPECT_EQ(dialogue().text(dialogue().picture_observation()),
            "\nTool:" + kPicture + "<end_of_utterance>\nAssistant:");
}

TEST(Dialogue, TakesOneTokenForEachClassAndLevel) {
  const Tokenizer& tokenizer = dialogue().tokenizer();
  EXPECT_EQ(dialogue().words(" none red white platelet"),
            (std::vector<int32_t>{*tokenizer.id(" none"), *tokenizer.id(" red"),
                                  *tokenizer.id(" white"), *tokenizer.id(" platelet")}));
  EXPECT_EQ(dialogue().words("<g0><g23>"),
            (std::vector<int32_t>{*tokenizer.id("<g0>"), *tokenizer.id("<g23>")}));
  EXPECT_GT(dialogue().words("<g24>").size(), 1U);
}

TEST(Dialogue, KeepsControlTokensOutOfWords) {
  for (const std::string& token : special_tokens()) {
    const std::vector<int32_t> words = dialogue().words("a " + token + " b");
    EXPECT_EQ(dialogue().text(words), "a " + token + " b");
    EXPECT_EQ(std::count(words.begin(), words.end(), *dialogue().tokenizer().id(token)), 0)
        << token;
  }
}

TEST(Dialogue, WordsAreWhatTheTokenizerMakesOfTheWholeText) {
  // Whoever opens the tokenizer elsewhere must get the same ids for the same conversation.
  const std::vector<int32_t> prompt = dialogue().prompt("What is the cell in<g1><g2><g3><g4>?");
  EXPECT_EQ(dialogue().tokenizer().encode(
                dialogue().tokenizer().decode(prompt, Tokenizer::Special::kKeep),
                Tokenizer::Control::kRecognised),
            prompt);
}

TEST(Dialogue, QuestionsAreShort) {
  const GridBox box{{1, 2, 3, 4}};
  for (const std::string& text :
       {caption_question(), locate_question(), type_question(box), count_question(box)}) {
    EXPECT_GE(dialogue().words(text).size(), 3U) << text;
    EXPECT_LE(dialogue().words(text).size(), 14U) << text;
  }
}

TEST(Dialogue, NamesTheTokenThatATokenizerLacks) {
  Result<Tokenizer> bare = train_tokenizer({"some words"}, {300, {control::kEndOfText}, {}});
  ASSERT_TRUE(bare.ok()) << bare.error().message;
  const Result<Dialogue> made = Dialogue::create(bare.value(), 4);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, Errc::kBadData);
  EXPECT_NE(made.error().message.find("'<|im_start|>'"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

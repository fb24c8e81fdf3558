// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_question.h"

#include <gtest/gtest.h>

#include "corpus/multi_hop_questions.h"
#include "tests/support/small_graph.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

const Dialogue& dialogue() {
  static const std::shared_ptr<const Dialogue> made = made_dialogue(4);
  return *made;
}

TEST(TextQuestion, TrainsOnTheChainAndTheAnswerOnly) {
  const TextQuestion question = multi_hop_question(small_item());
  const TrainingItem item = text_item(question, dialogue());
  const std::vector<int32_t> asked = dialogue().question(question.text);
  std::vector<int32_t> learned;
  for (size_t i = 0; i < item.tokens.size(); ++i) {
    EXPECT_EQ(item.trained[i], i >= asked.size() ? 1 : 0) << i;
    if (item.trained[i] != 0)
      learned.push_back(item.tokens[i]);
  }
  EXPECT_EQ(dialogue().text(learned),
            chain_of(small_item()).text() + "<answer> early betosis</answer><end_of_utterance>");
}

TEST(TextQuestion, AnswersAtOnceWithoutAChain) {
  TextQuestion question = multi_hop_question(small_item());
  question.chain.reset();
  const TrainingItem item = text_item(question, dialogue());
  std::vector<int32_t> expected = dialogue().question(question.text);
  const std::vector<int32_t> turn = dialogue().answer_turn(" early betosis");
  expected.insert(expected.end(), turn.begin(), turn.end());
  EXPECT_EQ(item.tokens, expected);
}

TEST(TextQuestion, PromptsWithoutAPicture) {
  const TextQuestion question = multi_hop_question(small_item());
  const Prompt prompt = text_prompt(question, dialogue(), 99);
  EXPECT_EQ(prompt.image, nullptr);
  EXPECT_TRUE(prompt.pixels.empty());
  EXPECT_EQ(prompt.max_new_tokens, 99);
  EXPECT_EQ(prompt.reward, "multihop");
  EXPECT_EQ(dialogue().text(prompt.tokens),
            "<|im_start|>User:" + question.text + "<end_of_utterance>\nAssistant:");
}

}  // namespace
}  // namespace nelumbo

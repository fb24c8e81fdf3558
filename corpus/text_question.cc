// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_question.h"

namespace nelumbo {

TrainingItem text_item(const TextQuestion& question, const Dialogue& dialogue) {
  TrainingItem item;
  item.task = question.task;
  item.tokens = dialogue.question(question.text);
  item.trained.assign(item.tokens.size(), 0);
  const std::vector<int32_t> turn = question.chain
                                        ? dialogue.thinking_turn(*question.chain, question.answer)
                                        : dialogue.answer_turn(question.answer);
  item.tokens.insert(item.tokens.end(), turn.begin(), turn.end());
  item.trained.insert(item.trained.end(), turn.size(), 1);
  return item;
}

Prompt text_prompt(const TextQuestion& question, const Dialogue& dialogue, int64_t max_new_tokens) {
  Prompt prompt;
  prompt.id = question.id;
  prompt.task = question.task;
  prompt.reward = question.task;
  prompt.text = question.text;
  prompt.tokens = dialogue.text_prompt(question.text);
  prompt.truth = question.truth;
  prompt.max_new_tokens = max_new_tokens;
  return prompt;
}

}  // namespace nelumbo

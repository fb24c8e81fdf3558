// SPDX-License-Identifier: Apache-2.0
#include "rollout/chat_environment.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rollout/sentences.h"

namespace nelumbo {

ChatEnvironment::ChatEnvironment(std::shared_ptr<const Tokenizer> tokenizer,
                                 std::vector<int32_t> ends, AnswerForm form)
    : tokenizer_(std::move(tokenizer)), ends_(std::move(ends)), form_(form) {}

Environment::State ChatEnvironment::start(const Prompt& /*prompt*/) const {
  return {};
}

bool ChatEnvironment::ends_turn(int32_t token) const {
  return std::ranges::find(ends_, token) != ends_.end();
}

std::variant<Observation, Finish> ChatEnvironment::after_turn(const Prompt& /*prompt*/,
                                                              const Trajectory& /*trajectory*/,
                                                              const Sampling& /*sampling*/,
                                                              State* state) const {
  ++state->turns;
  return Finish::kStop;
}

void ChatEnvironment::finish(const Prompt& /*prompt*/, State state, Trajectory* trajectory) const {
  trajectory->text = tokenizer_->decode(trajectory->tokens, Tokenizer::Special::kSkip);
  trajectory->thoughts = sentences_of(*tokenizer_, trajectory->tokens);
  const std::optional<std::string> answer = read_answer(form_, trajectory->text);
  trajectory->answered = state.turns > 0 && answer;
  trajectory->answer = trajectory->answered ? *answer : "";
}

}  // namespace nelumbo

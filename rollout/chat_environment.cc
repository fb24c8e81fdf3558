// SPDX-License-Identifier: Apache-2.0
#include "rollout/chat_environment.h"

#include <algorithm>
#include <utility>

namespace nelumbo {

ChatEnvironment::ChatEnvironment(std::shared_ptr<const Tokenizer> tokenizer,
                                 std::vector<int32_t> ends)
    : tokenizer_(std::move(tokenizer)), ends_(std::move(ends)) {}

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
  trajectory->answer = trajectory->text;
  trajectory->answered = state.turns > 0;
}

}  // namespace nelumbo

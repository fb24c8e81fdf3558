// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "model/tokenizer.h"
#include "rollout/answer_form.h"
#include "rollout/environment.h"

namespace nelumbo {

/// One answer without tools, in any model's own tokens: it ends at one of the model's end tokens.
/// What is cut off before is no answer.
class ChatEnvironment : public Environment {
 public:
  /// Without `ends` answers take all the tokens that they may.
  ChatEnvironment(std::shared_ptr<const Tokenizer> tokenizer, std::vector<int32_t> ends,
                  AnswerForm form = AnswerForm::kText);

  State start(const Prompt& prompt) const override;
  bool ends_turn(int32_t token) const override;
  std::variant<Observation, Finish> after_turn(const Prompt& prompt, const Trajectory& trajectory,
                                               const Sampling& sampling,
                                               State* state) const override;
  void finish(const Prompt& prompt, State state, Trajectory* trajectory) const override;
  int64_t longest_observation() const override { return 0; }

 private:
  std::shared_ptr<const Tokenizer> tokenizer_;
  std::vector<int32_t> ends_;
  AnswerForm form_;
};

}  // namespace nelumbo

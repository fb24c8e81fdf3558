// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <variant>

#include "corpus/dialogue.h"
#include "rollout/environment.h"

namespace nelumbo {

/// Calls of one trajectory that are carried out; more are answered with an error.
constexpr int64_t kMostCalls = 16;

/// A picture that the policy looks at with tools, in the words of Dialogue. A turn without a tool
/// call ends the trajectory, whether or not it answers; a call in the last turn that the sampling
/// allows is not carried out (Finish::kTurns). The answer is what stands between the answer tags of
/// the last turn.
class ToolEnvironment : public Environment {
 public:
  /// `image_size` is the side of a picture that the network sees.
  ToolEnvironment(std::shared_ptr<const Dialogue> dialogue, int64_t image_size);

  State start(const Prompt& prompt) const override;
  bool ends_turn(int32_t token) const override { return token == dialogue_->end_of_turn(); }
  std::variant<Observation, Finish> after_turn(const Prompt& prompt, const Trajectory& trajectory,
                                               const Sampling& sampling,
                                               State* state) const override;
  void finish(const Prompt& prompt, State state, Trajectory* trajectory) const override;
  int64_t longest_observation() const override;

 private:
  Observation carry_out(const Prompt& prompt, const Sampling& sampling, ToolCall call,
                        State* state) const;

  std::shared_ptr<const Dialogue> dialogue_;
  int64_t image_size_;
};

}  // namespace nelumbo

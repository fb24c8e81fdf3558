// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "corpus/coordinates.h"
#include "rollout/config.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// What a tool call returned, to be appended to the trajectory and read by the policy: tokens that
/// it did not draw, and one picture for each run of placeholders among them.
struct Observation {
  std::vector<int32_t> tokens;
  std::vector<Pixels> pixels;
};

/// Turns that an answer may take: one where there is no picture, since all tools look at one.
inline int64_t most_turns(const Prompt& prompt, const Sampling& sampling) {
  return prompt.image ? sampling.max_turns : 1;
}

/// Tokens that may be drawn for one answer.
inline int64_t most_new_tokens(const Prompt& prompt, const Sampling& sampling) {
  return prompt.max_new_tokens > 0 ? prompt.max_new_tokens : sampling.max_new_tokens;
}

/// The world that a policy acts in: reads its turns, carries out its tools, ends its trajectories.
/// Holds nothing of any trajectory; pure and immutable, shared between threads.
///
/// An engine draws tokens until one of them `ends_turn`, then asks `after_turn`, appends the
/// observation or ends; when a trajectory ended, for whatever reason, it calls `finish`.
///
/// Example: turns [zoom] (picture) [answer]: after_turn gives an Observation, then Finish::kStop.
class Environment {
 public:
  virtual ~Environment() = default;

  /// What one trajectory has gone through so far.
  struct State {
    std::vector<Frame> shown;     ///< 0 the view, then the pictures among the observations
    std::vector<ToolCall> calls;  ///< in order
    int64_t turns = 0;            ///< that have ended
    int64_t turn_first = 0;       ///< where the current turn starts in the trajectory's tokens
  };

  virtual State start(const Prompt& prompt) const = 0;
  virtual bool ends_turn(int32_t token) const = 0;

  /// The policy ended a turn, all of [state->turn_first, trajectory.tokens.size()): what it reads
  /// next, or why the trajectory ends.
  virtual std::variant<Observation, Finish> after_turn(const Prompt& prompt,
                                                       const Trajectory& trajectory,
                                                       const Sampling& sampling,
                                                       State* state) const = 0;

  /// Fills what follows from the tokens: text, thoughts, answer, answered, answer_box and calls.
  virtual void finish(const Prompt& prompt, State state, Trajectory* trajectory) const = 0;

  /// Tokens of the longest observation that there may be.
  virtual int64_t longest_observation() const = 0;
};

}  // namespace nelumbo

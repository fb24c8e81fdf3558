// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "corpus/coordinates.h"
#include "corpus/dialogue.h"
#include "rollout/config.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// What a tool call returned, to be appended to the trajectory and read by the policy: tokens that
/// it did not draw, and one picture for each run of placeholders among them.
struct Observation {
  std::vector<int32_t> tokens;
  std::vector<Pixels> pixels;
};

/// Calls of one trajectory that are carried out; more are answered with an error.
constexpr int64_t kMostCalls = 16;

/// Turns that an answer may take: one where there is no picture, since all tools look at one.
int64_t most_turns(const Prompt& prompt, const Sampling& sampling);

/// Tokens that may be drawn for one answer.
int64_t most_new_tokens(const Prompt& prompt, const Sampling& sampling);

/// The world that a policy acts in: reads its turns, carries out its tools, ends its trajectories.
/// Holds nothing of any trajectory; pure and immutable, shared between threads.
///
/// An engine draws tokens until Dialogue::end_of_turn(), then asks `after_turn`, appends the
/// observation or ends; when a trajectory ended, for whatever reason, it calls `finish`.
///
/// Example: turns [zoom] (picture) [answer]: after_turn gives an Observation, then Finish::kStop.
class Environment {
 public:
  /// `image_size` is the side of a picture that the network sees.
  Environment(std::shared_ptr<const Dialogue> dialogue, int64_t image_size);

  /// What one trajectory has gone through so far.
  struct State {
    std::vector<Frame> shown;     ///< 0 the view, then the pictures among the observations
    std::vector<ToolCall> calls;  ///< in order
    int64_t turns = 0;            ///< that have ended
    int64_t turn_first = 0;       ///< where the current turn starts in the trajectory's tokens
  };

  State start(const Prompt& prompt) const;

  /// The policy ended a turn, all of [state->turn_first, trajectory.tokens.size()): what it reads
  /// next, or why the trajectory ends. A turn without a tool call ends it, whether or not it
  /// answers; a call in the last turn that `sampling` allows is not carried out (Finish::kTurns).
  std::variant<Observation, Finish> after_turn(const Prompt& prompt, const Trajectory& trajectory,
                                               const Sampling& sampling, State* state) const;

  /// Fills what follows from the tokens: text, thoughts, answer, answered, answer_box and calls.
  /// The answer is what stands between the answer tags of the last turn.
  void finish(const Prompt& prompt, State state, Trajectory* trajectory) const;

  const Dialogue& dialogue() const { return *dialogue_; }

 private:
  Observation carry_out(const Prompt& prompt, const Sampling& sampling, ToolCall call,
                        State* state) const;

  std::shared_ptr<const Dialogue> dialogue_;
  int64_t image_size_;
};

}  // namespace nelumbo

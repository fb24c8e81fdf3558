// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/prompt.h"
#include "corpus/training_group.h"
#include "model/image.h"

namespace nelumbo {

/// Names one set of published weights; grows by one with each learner step.
enum class PolicyVersion : uint64_t {};

/// Names the trajectories of one prompt in one step.
enum class GroupId : uint64_t {};

/// One tool call, what it returned, and where its box lies in the original picture.
struct ToolCall {
  std::string name;                 ///< "zoom", "rotate", "locate"; empty when it could not be read
  int64_t image = 0;                ///< 0 the original view, k > 0 observations in order
  std::optional<Box> box;           ///< in 0..1000 units of that image
  std::optional<Box> original_box;  ///< the same place in pixels of the original picture
  int64_t degrees = 0;              ///< rotate
  std::string label;                ///< locate
  std::optional<std::string> error;  ///< why it failed; the policy was told so
  int64_t first_token = 0;           ///< the call's tokens, [first_token, last_token) of `tokens`
  int64_t last_token = 0;
};

/// A step of what a trajectory thought: a line that it recalled before it answered, or a sentence
/// of an open model's.
struct ThoughtStep {
  std::string text;         ///< "CNGB3 | band | 8q21", "3 + 4 = 7."
  int64_t first_token = 0;  ///< its tokens, [first_token, last_token) of `tokens`
  int64_t last_token = 0;
};

/// Why a trajectory ended.
enum class Finish { kStop, kLength, kTurns };

/// Weights that took over while an answer was being drawn.
struct WeightSwap {
  int64_t token = 0;  ///< the first one that they drew, or read as part of an observation
  PolicyVersion version{};

  bool operator==(const WeightSwap&) const = default;
};

/// Which weights drew an answer.
struct AnswerVersions {
  PolicyVersion first{};          ///< of its first token
  std::vector<WeightSwap> swaps;  ///< of later ones, in token order

  /// Those that draw a token.
  PolicyVersion at(int64_t token) const {
    PolicyVersion found = first;
    for (const WeightSwap& swap : swaps)
      if (swap.token <= token)
        found = swap.version;
    return found;
  }
};

/// One sampled answer to a prompt, tools included.
///
/// Example: answer tokens [a b], a tool's observation [o o], answer [c]:
///     tokens [a b o o c], sampled [1 1 0 0 1], logprobs [-0.1 -2.3 0 0 -0.7].
struct Trajectory {
  GroupId group{};
  int32_t sample = 0;
  PolicyVersion version{};        ///< the weights that drew the first token
  std::vector<WeightSwap> swaps;  ///< those that drew later ones, in token order
  std::vector<int32_t> tokens;    ///< behind the prompt: [R] sampled and observed
  std::vector<uint8_t> sampled;   ///< [R] 1 where the policy drew the token; the loss mask
  std::vector<float> logprobs;    ///< [R] of drawn tokens under their version, else 0
  std::vector<float> entropies;   ///< [R] of the distribution drawn from, else 0
  std::vector<Pixels> pixels;     ///< pictures among the observations, in token order
  std::vector<ToolCall> calls;
  std::vector<ThoughtStep> thoughts;  ///< the lines between the recall tags of the last turn, or
                                      ///< the sentences of an open model's answer
  std::string text;                   ///< `tokens` decoded, for people and for text verifiers
  std::string answer;                 ///< between the answer tags; empty when there is none
  bool answered = false;              ///< an answer was given in the tags
  std::optional<Box> answer_box;      ///< the answer read as a box, in pixels of the original
  Finish finish = Finish::kStop;

  AnswerVersions versions() const { return {version, swaps}; }
};

/// All trajectories of one prompt.
struct Group {
  GroupId id{};
  std::shared_ptr<const Prompt> prompt;
  std::vector<Trajectory> trajectories;
  float inverse_temperature = 1;  ///< of the distributions drawn from and of their log-probs
  bool exact = true;              ///< the log-probs are those of a learner with these weights
};

}  // namespace nelumbo

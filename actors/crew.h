// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/ledger.h"
#include "actors/pipeline.h"
#include "base/error.h"
#include "learner/learner.h"
#include "reward/reward.h"
#include "rollout/engine.h"

namespace nelumbo {

template <class T>
using Shared = std::shared_ptr<const T>;

/// Moves a value into a handle.
template <class T>
Shared<T> share(T value) {
  return std::make_shared<const T>(std::move(value));
}

/// Requests that are answered and scored together.
struct AnswerJob {
  std::vector<GroupRequest> requests;
  std::optional<uint32_t> incarnation;  ///< of the ledger; none: the samples are not recorded
};

struct TokenJob {
  std::vector<TrainingGroup> groups;
  TokenStageConfig config;
  StepPlace place;
};

struct PolicyJob {
  std::vector<ScoredGroup> groups;
  RlConfig config;
  StepPlace place;
};

struct TokenValidation {
  Metrics metrics;
  Predictions predictions;
};

/// What the coordinator counted.
struct CrewCounts {
  int64_t restarts = 0;  ///< rollout and reward actors that were replaced
  int64_t fenced = 0;    ///< results that were refused because their lease was over
  double answering = 0;  ///< seconds in which prompts were being answered and scored

  bool operator==(const CrewCounts&) const = default;
};

/// What a stage may ask of the actors. Each call returns when the work is done, or at its deadline
/// with an error that says who waited for whom. One thread calls.
class Crew {
 public:
  virtual ~Crew() = default;

  virtual Result<Metrics> train_tokens(TokenJob job) = 0;
  virtual Result<Shared<TokenValidation>> validate_tokens(
      Shared<std::vector<TrainingGroup>> groups) = 0;
  virtual Result<Metrics> train_policy(PolicyJob job) = 0;
  virtual Result<Metrics> train_preferences(PreferenceJob job) = 0;
  virtual Result<Shared<PreferenceScores>> score_preferences(PreferenceJob job) = 0;
  /// A copy of the weights of the learner's score model.
  virtual Result<Shared<WeightSet>> score_model(PreferenceKind kind) = 0;
  /// A copy of the learner's weights.
  virtual Result<Shared<WeightSet>> weights() = 0;
  /// Gives the learner other weights and forgets its moments.
  virtual Result<void> restart(Shared<WeightSet> weights) = 0;
  /// The learner's state for a checkpoint, and back.
  virtual Result<Shared<WeightSet>> save() = 0;
  virtual Result<void> restore(Shared<WeightSet> saved) = 0;

  /// Returns when every rollout actor has acknowledged the version.
  virtual Result<void> publish(Shared<WeightSet> weights, PolicyVersion version) = 0;
  /// Has prompts answered and scored with the published weights, while the caller does other
  /// things; `answers` waits for them. REQUIRES: those of an earlier call were waited for.
  virtual void ask(AnswerJob job) = 0;
  /// Waits until what was asked is there, or `give_up` says true, which is looked at every tenth of
  /// a second; whether it is there. REQUIRES: `ask`.
  virtual bool answers_come(const std::function<bool()>& give_up) = 0;
  /// What was asked, in the order of group ids. REQUIRES: `ask`.
  virtual Result<Shared<std::vector<ScoredGroup>>> answers() = 0;
  Result<Shared<std::vector<ScoredGroup>>> answer(AnswerJob job) {
    ask(std::move(job));
    return answers();
  }
  /// Has more prompts answered and scored, while the caller does other things and publishes
  /// weights, with which they go on. REQUIRES: `answers` was called for what was asked.
  virtual void feed(AnswerJob job) = 0;
  /// What came of them since the last call, as it came; waits until there is something. REQUIRES:
  /// not all that was fed was taken.
  virtual Result<Shared<std::vector<ScoredGroup>>> take() = 0;
  virtual Result<CrewCounts> counts() = 0;

  /// Records events; `commit` makes them durable and tells the first failure of the ledger, of
  /// metrics or of traces.
  virtual void note(std::vector<LedgerRecord> records) = 0;
  virtual Result<LedgerCounts> commit() = 0;
  virtual void show(MetricsLine line) = 0;
  virtual void trace(const std::string& stage, int64_t step,
                     Shared<std::vector<ScoredGroup>> groups) = 0;
};

}  // namespace nelumbo

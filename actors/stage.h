// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "actors/checkpoint.h"
#include "actors/crew.h"
#include "actors/pipeline.h"
#include "base/background.h"
#include "base/error.h"

namespace nelumbo {

/// What every stage works with: the setup, the actors, and where the run stands. A stage advances
/// the state only through this class, so that a checkpoint always lies between two steps.
class StageContext {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  StageContext(const PipelineSetup& setup, Crew& crew, CheckpointStore* store, uint32_t incarnation,
               Clock clock);

  const PipelineSetup& setup() const { return setup_; }
  Crew& crew() const { return crew_; }
  RunState& state() { return state_; }
  uint32_t incarnation() const { return incarnation_; }
  /// What the ledger calls a sample of this process.
  SampleId sample(const ScoredGroup& group, size_t index) const;
  /// Waits for the checkpoint that is being written.
  CheckpointStore& store() const;
  const LedgerCounts& ledger() const { return ledger_; }
  /// Seconds since `start` on the run's clock.
  double seconds_since(std::chrono::steady_clock::time_point start) const;
  std::chrono::steady_clock::time_point now() const { return clock_(); }

  bool stop_requested() const;
  /// Commits a checkpoint and returns kPreempted, or what stood in the way.
  Error preempt();
  /// Has prompts answered and scored. kPreempted, behind a checkpoint, where an answer could not be
  /// scored and its specification says `pause` to that.
  Result<Shared<std::vector<ScoredGroup>>> answer(AnswerJob job);
  /// The same of a job that was given to the crew by `ask`.
  Result<Shared<std::vector<ScoredGroup>>> answers();
  /// The same of what has come of that which was given to it by `feed`.
  Result<Shared<std::vector<ScoredGroup>>> taken();
  /// Takes up an edited reward specification, where the run is told to, and records that in
  /// events.jsonl; true when there was one. One that cannot be used is a warning, once.
  Result<bool> refresh_reward();
  /// Heeds what the learner's guard says of the step that it has just been asked for: whether the
  /// step was applied. An error where the run must not go on with it; see roll_back().
  Result<bool> heed_guard(const Metrics& trained, const GuardConfig& guard);
  /// What a learner's step that was answered by an error ends the stage with.
  Error failed_step(const Error& error, const GuardConfig& guard);
  /// Records that the stage goes on from its newest checkpoint without the steps since, and returns
  /// the error (kUnavailable) that ends this process for that; kDiverged where it cannot help.
  Error roll_back(const std::string& why);
  /// Behind such an end: leaves out the steps that went wrong.
  Result<void> leave_out();
  /// Counts one step of the stage; its learner step made a new policy version if `trained`.
  void advance(bool trained);
  /// Shows the line of the step that was just counted. kPreempted, behind a checkpoint, where the
  /// judge that is held out is too far from those that train.
  Result<void> report(Metrics metrics);
  /// Whether one is due behind this step.
  bool checkpoint_due() const { return state_.step % setup_.run.checkpoint_every == 0; }
  /// Commits a checkpoint if one is due, while the run goes on: what the disk says of it is heard
  /// when the next one is due, or by settle().
  Result<void> checkpoint_if_due();
  /// Waits for the checkpoint that is being written. Errors as those of checkpoint().
  Result<void> settle();
  /// Commits one. Where the disk does not take it, that is a warning, unless it goes wrong twice in
  /// a row for another reason than want of room.
  Result<void> checkpoint();
  /// Whether the latest of which the disk was heard was committed.
  bool is_saved() const { return !refused_by_disk_; }
  /// Makes what the ledger was told durable. kPreempted where the disk does not take it;
  /// kEnvironment where the run's directory or its ledger is not there any more.
  Result<LedgerCounts> commit();
  /// Commits a checkpoint behind the stage `index`, which later runs may begin from.
  Result<void> checkpoint_stage(int64_t index);
  /// Gives the learner's weights to the rollout actors under the current version.
  Result<void> publish();
  void warn(const std::string& sentence) const;
  /// The same error, with the stage in front.
  Error named(const Error& error) const;

 private:
  /// Pauses where something among them could not be scored, and must have been.
  Result<Shared<std::vector<ScoredGroup>>> heeded(
      Result<Shared<std::vector<ScoredGroup>>> answered);
  /// Whether the stages up to `index` depend on who is faster.
  bool streamed(int64_t index) const;
  Error pause(const Prompt& prompt, const Outcome& outcome);
  Result<void> heed(const JudgeNews& news);
  /// What came of writing a checkpoint.
  struct Saved {
    Result<std::string> path;
    bool full = false;  ///< there was too little room when the disk refused it
  };

  Result<CheckpointContent> collect();
  Saved write(const CheckpointContent& content) const;
  /// Writes a checkpoint and returns its path.
  Result<std::string> save();
  Result<std::string> hear(Saved saved);
  Result<void> bear(const Error& error) const;

  const PipelineSetup& setup_;
  Crew& crew_;
  CheckpointStore* store_;
  uint32_t incarnation_;
  Clock clock_;
  RunState state_;
  LedgerCounts ledger_;
  BackgroundWork<Saved> saving_;  ///< the checkpoint that is being written, if any
  bool refused_by_disk_ = false;  ///< the latest checkpoint
  bool full_ = false;             ///< for want of room
  int64_t refusals_ = 0;          ///< in a row
  double answering_ = 0;          ///< seconds, up to the latest line of metrics
  std::string refused_;           ///< why the latest edit of the specification is not used
  bool spiking_ = false;          ///< the latest step was a spike
};

/// Adds `more` to `metrics`; a name in both takes the value of `more`.
void merge(Metrics& metrics, const Metrics& more);

}  // namespace nelumbo

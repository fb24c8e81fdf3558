// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reward/judge_drift.h"
#include "reward/judge_keys.h"
#include "reward/reward.h"

namespace nelumbo {

/// All judges of a specification, and the one that is held out. Shared by everyone who scores by
/// the specification; any thread.
class JudgePanel {
 public:
  JudgePanel() = default;
  /// Judges of one name each, for tests and for scripted answers.
  explicit JudgePanel(std::vector<NamedJudge> judges) : judges_(std::move(judges)) {}

  /// Adds those under `judges` of a document, and its `holdout`.
  Result<void> read(const SpecNode& document, const std::string& folder);
  /// The hold-out judge must be one of the judges; called when all documents were read.
  Result<void> check() const;
  /// Refuses a hold-out judge that the rubric of `spec` asks: it would be held against itself.
  Result<void> check_training(const std::string& spec, std::span<const std::string> asked) const;

  bool empty() const { return judges_.empty(); }
  std::vector<std::string> names() const;

  /// Reply i for question i.
  std::vector<JudgeReply> ask(std::span<const JudgeQuestion> questions, double seconds) const;
  /// Who judges an answer beside the judges that train; none where nobody does.
  std::optional<std::string> hold_out(const std::string& key) const;
  /// It did not answer: for a minute nothing is held out, so that it keeps nobody waiting.
  void hold_out_failed() const;
  /// What both made of an answer that was held out.
  void compare(double trained, double held_out) const;

  std::vector<JudgeExam> examine() const;
  /// What happened since the last call.
  JudgeNews news() const;
  void cancel() const;

 private:
  const NamedJudge* find(const std::string& name) const;

  std::vector<NamedJudge> judges_;
  std::optional<HoldOutKeys> hold_out_;
  std::optional<Error> unknown_hold_out_;
  std::string hold_out_place_, hold_out_judge_place_;
  struct Shared {
    std::mutex mutex;
    JudgeDrift drift;
    std::map<std::string, JudgeCounts> told;
    JudgeDrift::State::Alarm alarm = JudgeDrift::State::Alarm::kNone;
    std::chrono::steady_clock::time_point not_before;  ///< nothing is held out
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace nelumbo

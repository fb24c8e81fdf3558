// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "reward/quarantine.h"
#include "reward/reward.h"

namespace nelumbo {

/// One specification in place of another.
struct SpecChange {
  std::string old_hash, new_hash;
};

/// A specification whose file may be edited while it scores. What it read last is used until
/// refresh() takes the file up anew; whoever calls that sees to it that nothing is being scored, so
/// that the answers of a step are scored alike. Any thread may score.
class ReloadingSpec final : public RewardSpec, public KeepsDumps {
 public:
  /// `first` is what the file said when it was read.
  ReloadingSpec(std::string path, std::shared_ptr<const RewardSpec> first);

  /// Takes up the file, or those that it includes, if they changed: nothing where they did not. An
  /// error says why the new text cannot be used (it does not parse, fails a test of its own, lacks
  /// a spec, or does not fit a prompt that was scored); then what was used before still is.
  Result<std::optional<SpecChange>> refresh() const;

  std::vector<std::string> names() const override;
  Result<void> check_prompt(const Prompt& prompt) const override;
  std::vector<Outcome> score(const Group& group) const override;
  std::vector<Outcome> score_test(const Fixture& test) const override;
  OnFailure on_failure(const Prompt& prompt, Outcome::Kind kind) const override;
  std::vector<std::string> criteria(const Prompt& prompt) const override;
  bool asks_judges() const override { return true; }  // an edit may bring some
  double limit_seconds() const override;
  std::vector<JudgeExam> examine_judges() const override;
  JudgeNews judge_news() const override;
  void cancel_judges() const override;
  std::string hash() const override;
  /// Those of what the file said first.
  const std::vector<Fixture>& fixtures() const override;
  void keep_dumps(const std::string& folder) const override;

 private:
  std::shared_ptr<const RewardSpec> current() const;
  Result<void> fits(const RewardSpec& spec) const;

  std::string path_;
  std::shared_ptr<const RewardSpec> first_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const RewardSpec> current_;
  mutable std::string dumps_;  ///< folder of those of what is read anew; empty: none
  /// The first prompt of each task and spec that was scored.
  mutable std::map<std::string, std::shared_ptr<const Prompt>> seen_;
};

}  // namespace nelumbo

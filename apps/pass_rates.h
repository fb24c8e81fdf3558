// SPDX-License-Identifier: Apache-2.0
#pragma once

// filter/rates.json of a run's directory: {"prompts": [{"id": .., "right": 3, "answers": 8}, ..]}

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/config.h"
#include "base/error.h"
#include "learner/learner.h"
#include "reward/reward.h"

namespace nelumbo {

/// How often the policy answered each prompt right, and so which ones the stages behind filter use.
/// The file is all that it knows, so a run that was stopped and goes on keeps the same prompts. One
/// thread keeps while others read.
class PassRates {
 public:
  /// `run` is the run's directory, and exists.
  PassRates(std::string run, const FilterConfig& config);

  /// Counts the right answers to prompts that were tried, and writes them. The metrics are of all
  /// prompts so far: filter/prompts, filter/kept, filter/pass_rate.
  Result<Metrics> keep(const std::vector<ScoredGroup>& groups);

  /// Whether each prompt id is one to learn from: tried, and right as often as the range says.
  /// kBadData names the file where it is damaged or missing.
  Result<std::vector<bool>> kept(std::span<const std::string> ids) const;

 private:
  /// Of one prompt.
  struct Count {
    int64_t right = 0, answers = 0;
  };
  using Counts = std::map<std::string, Count>;

  bool in_range(const Count& count) const;
  Result<void> read() const;
  Result<void> write() const;

  std::string path_;
  FilterConfig config_;
  mutable std::mutex mutex_;
  mutable std::optional<Counts> counts_;  ///< none: to be read
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "reward/component_key.h"
#include "reward/reward.h"

namespace nelumbo {

/// An answer whose total moved, with what an eye needs to judge it.
struct TotalChange {
  std::string place;  ///< "PROMPT, answer 3"
  std::string spec;
  std::string question, text;  ///< as they are: neither is safe to print
  double before = 0, after = 0;
  std::string moved;  ///< the component whose value moved most
};

/// A component under both specifications, over the answers that are scores under both.
struct MovedComponent {
  ComponentKey key;
  RunningMean before, after;
  RunningMean distance;  ///< |after - before| where both have it
};

/// What a change of a specification would have meant for a run.
struct DiffReport {
  int64_t groups = 0, answers = 0;
  int64_t scored = 0;            ///< answers that are scores under both
  int64_t kind_changes = 0;      ///< answers that are a score under one only, or fail otherwise
  int64_t moved = 0;             ///< totals that moved by over 1e-9
  int64_t now_right = 0;         ///< flips: from under one half to one half or more
  int64_t now_wrong = 0;         ///< the other way
  int64_t pairs = 0;             ///< of scored answers of one group
  int64_t reversed = 0;          ///< pairs in the other order
  int64_t parted = 0, tied = 0;  ///< pairs that were alike and differ now; the other way
  int64_t other_best = 0;        ///< groups in which none of the best answers is one any more
  RunningMean spread_before, spread_after;  ///< standard deviation of a group's totals
  int64_t flat_before = 0, flat_after = 0;  ///< groups whose totals are all alike
  std::vector<MovedComponent> components;
  std::vector<TotalChange> largest;  ///< at most ten, the largest first
};

/// Scores groups by two specifications, one group after the other.
class SpecDiff {
 public:
  static constexpr size_t kMostShown = 10;

  /// Both outlive this.
  SpecDiff(const RewardSpec& before, const RewardSpec& after) : before_(before), after_(after) {}

  /// kInvalidConfig where one of them does not fit the prompt.
  Result<void> add(const Group& group);
  DiffReport report() const;

 private:
  void compare_answer(const Group& group, size_t i, const Outcome& before, const Outcome& after);
  void compare_group(const std::vector<std::pair<double, double>>& totals);
  std::string compare_components(const std::string& spec, const Outcome& before,
                                 const Outcome& after);
  void show(TotalChange change);

  const RewardSpec& before_;
  const RewardSpec& after_;
  DiffReport sums_;
  std::map<ComponentKey, MovedComponent> components_;
};

/// The tables, for people. `safe` makes text of a policy fit for a terminal.
std::string render(const DiffReport& report, std::string (*safe)(std::string_view));
nlohmann::json to_json(const DiffReport& report);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "reward/component_key.h"
#include "reward/reward.h"

namespace nelumbo {

/// How many outcomes of each kind there were, and how often each gate rule was hit.
struct OutcomeTally {
  std::array<int64_t, 4> kinds{};        ///< by Outcome::Kind
  std::map<std::string, int64_t> gates;  ///< "SPEC: RULE"

  void add(const std::string& spec, const Outcome& outcome);
  int64_t of(Outcome::Kind kind) const { return kinds[static_cast<size_t>(kind)]; }
};

/// A component's mean over the answers that were scores.
struct ReplayRow {
  ComponentKey key;
  RunningMean stored, now;
};

/// What scoring a run's answers again gave.
struct ReplayReport {
  std::vector<ReplayRow> rows;
  OutcomeTally stored, now;
  int64_t groups = 0, answers = 0;
  int64_t changed = 0;     ///< answers whose kind is another, or whose total moved by over 1e-9
  double largest = 0;      ///< |change| of a total
  double mean_change = 0;  ///< of the totals of answers that are scores on both sides
  double seconds = 0;      ///< of processor time, in scoring
  std::set<std::string> stored_hashes;
  std::string hash;

  double per_second() const { return seconds > 0 ? static_cast<double>(answers) / seconds : 0; }
};

/// Scores stored groups again, one after the other. Keeps sums only.
class Replay {
 public:
  /// `spec` outlives this.
  explicit Replay(const RewardSpec& spec) : spec_(spec) {}

  /// kInvalidConfig where the specification does not fit the prompt.
  Result<void> add(const ScoredGroup& stored);
  ReplayReport report() const;

 private:
  void compare(const std::string& spec, const Outcome& stored, const Outcome& now);

  const RewardSpec& spec_;
  ReplayReport sums_;
  RunningMean change_;
  std::map<ComponentKey, std::pair<RunningMean, RunningMean>> rows_;
};

/// The tables, for people. `safe` makes names that come from the run fit for a terminal.
std::string render(const ReplayReport& report, std::string (*safe)(std::string_view));
nlohmann::json to_json(const ReplayReport& report);

}  // namespace nelumbo

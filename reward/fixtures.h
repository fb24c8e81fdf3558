// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reward/reward.h"
#include "reward/spec_node.h"

namespace nelumbo {

/// What an outcome's number must be: "> 0.8", ">= 0.8", "< 0.2", "<= 0.2", or a number (within
/// 1e-6).
struct Expectation {
  std::string relation;  ///< ">", ">=", "<", "<=" or "="
  double number = 0;

  static std::optional<Expectation> parse(const std::string& text);
  bool holds(double value) const;
};

/// One test of a spec: an answer to a made-up prompt and what must come out.
///
///     - spec: count
///       truth: {answer: "1", boxes: [[10, 10, 50, 50]], region: [0, 0, 90, 90]}
///       calls: [{zoom: [0, 0, 80, 80]}, {locate: [11, 10, 49, 51]}]
///       answer: "1"
///       expect: {total: "> 0.9", gate: pass}
///
/// Instead of `answer` it has `box`, [x0, y0, x1, y1] in pixels, or `text` with all its tags: what
/// stands between recall tags becomes the trajectory's thoughts. `question` is what was asked. The
/// picture is `view`, [0, 0, 640, 480] by default. Where the spec asks judges, `met` lists the
/// criteria that they call met, or `grade` is what they give: a test asks nobody. `finish` is stop,
/// length or turns. `expect` may name total, rule, rubric, process, shaping, the gate rule (or
/// pass), and the kind of outcome: score, invalid, infra_error or timeout.
struct Fixture {
  std::string place;  ///< FILE:LINE:COL: tests[2]
  Group group;        ///< one trajectory
  std::map<std::string, Expectation> numbers;
  std::optional<std::string> gate;
  std::string kind = "score";
  std::optional<std::vector<std::string>> met;
  std::optional<int64_t> grade;
};

/// Reads the list under `tests`.
Result<std::vector<Fixture>> read_fixtures(const SpecNode& node,
                                           const std::vector<std::string>& specs);

/// kCheckFailed lists every fixture that came out otherwise, with its place.
Result<void> run_fixtures(const RewardSpec& spec);

/// "score", "invalid", "infra_error" or "timeout".
std::string to_text(Outcome::Kind kind);

}  // namespace nelumbo

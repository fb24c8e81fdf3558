// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reward/process.h"
#include "reward/rubric.h"
#include "reward/rules.h"
#include "reward/shaping.h"

namespace nelumbo {

/// A gate rule: where its matcher matches, the total is `value`.
struct GateRule {
  std::string name;
  std::string severity = "critical";
  double value = 0;
  TermPtr when;
};

/// What becomes of an answer that did not end by itself, and how long a group may take.
struct OnKeys {
  std::string truncated = "zero";
  std::string turns = "invalid";
  double limit_seconds = 10;

  template <class V>
  void fields(V& v) {
    v(truncated, "truncated", "An answer cut off by the length limit.", OneOf{"zero", "invalid"});
    v(turns, "turns", "An answer that used up its turns.", OneOf{"zero", "invalid"});
    v(limit_seconds, "limit_seconds", "Time for one group; what is not scored then is a timeout.",
      Positive{});
  }
};

/// How answers to one kind of prompt are scored: one entry of `specs`.
struct TaskSpec {
  std::string name;
  std::vector<GateRule> gate;
  std::optional<RuleLayer> rule;
  std::optional<RubricLayer> rubric;
  std::optional<ProcessLayer> process;
  std::optional<Shaping> shaping;
  OnKeys on;

  static Result<TaskSpec> read(const std::string& name, const SpecNode& node);
  /// All truth fields that its parts name.
  std::vector<TruthField> needs() const;
};

}  // namespace nelumbo

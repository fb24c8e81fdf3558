// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reward/process.h"
#include "reward/rubric.h"
#include "reward/rules.h"
#include "reward/shaping.h"
#include "reward/spec_node.h"

namespace nelumbo {

/// A gate rule: where its matcher matches, the total is `value`; without one 0, or what the worst
/// answer to the prompt gets by its rubric's negative points.
struct GateRule {
  std::string name;
  std::string severity = "critical";
  std::optional<double> value;
  TermPtr when;
  std::string place = {};  ///< of its value, for errors
};

/// Lists of gates that several specs name, each as it stands under `gates` of a file.
using GateLists = std::map<std::string, SpecNode>;

/// The words of `on.infra_error`.
struct DropRetryOrPause {
  static constexpr int64_t kMostRetries = 10;

  bool operator()(const std::string& word) const;
  std::string text() const { return "drop, pause or retry(n) with n from 1 to 10"; }
};

/// What becomes of an answer that did not end by itself or could not be scored, and how long a
/// group may take.
struct OnKeys {
  std::string truncated = "zero";
  std::string turns = "invalid";
  double limit_seconds = 10;
  std::string invalid = "drop";
  std::string infra_error = "drop";
  std::string timeout = "drop";

  template <class V>
  void fields(V& v) {
    v(truncated, "truncated",
      "What was cut off by the length limit before an answer; 'score': it is judged by what it "
      "says "
      "so far.",
      OneOf{"zero", "invalid", "score"});
    v(turns, "turns", "An answer that used up its turns.", OneOf{"zero", "invalid"});
    v(limit_seconds, "limit_seconds", "Time for one group; what is not scored then is a timeout.",
      Positive{});
    v(invalid, "invalid", "An answer that is none: it is left out of its group.", OneOf{"drop"});
    v(infra_error, "infra_error",
      "An answer on which a term failed: left out, at once or when it has failed n times more; or "
      "the run stops, resumable.",
      DropRetryOrPause{});
    v(timeout, "timeout", "What is not scored in time: left out, or the run stops, resumable.",
      OneOf{"drop", "pause"});
  }

  OnFailure failure(Outcome::Kind kind) const;
};

/// What each layer is of the total: their weights over those that apply, divided by their sum.
struct LayerShares {
  double rule = 0, rubric = 0, process = 0;
};

/// How answers to one kind of prompt are scored: one entry of `specs`.
struct TaskSpec {
  std::string name;
  std::vector<GateRule> gate;
  std::optional<RuleLayer> rule;  ///< may be missing where there is a rubric
  std::optional<RubricLayer> rubric;
  std::optional<ProcessLayer> process;
  std::optional<Shaping> shaping;
  OnKeys on;

  /// `judges` are the names that criteria may give, `gates` the lists that `use` may name.
  static Result<TaskSpec> read(const std::string& name, const SpecNode& node,
                               std::span<const std::string> judges = {},
                               const GateLists& gates = {});
  LayerShares shares(const Prompt& prompt) const;
  /// Refuses a gate whose value is better than what the worst answer to the prompt gets, which
  /// would be a reason to violate it. Shaping is left out of that.
  Result<void> check_gate(const Prompt& prompt) const;
  /// All truth fields that its parts name.
  std::vector<TruthField> needs() const;
};

}  // namespace nelumbo

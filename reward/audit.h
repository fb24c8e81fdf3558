// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "reward/component_key.h"
#include "reward/reward.h"

namespace nelumbo {

/// What the audit keeps of one scored answer. Its words are those that the policy said itself:
/// neither tags nor calls, nor what tools replied.
struct AuditAnswer {
  int64_t group = 0;  ///< numbered in the order of the run
  int64_t step = 0;
  double total = 0;
  bool right = false;  ///< the rule layer, shaping left out, is one half or more
  bool gated = false;
  bool formed = true;           ///< no precondition of the rule layer failed, as format
  double length = 0;            ///< log of 1 + bytes of its words
  bool is_long = false;         ///< two answers hardly have its words by chance
  uint64_t text = 0;            ///< hash of its words, in their order
  std::vector<double> parts;    ///< what each component adds to the total, by place in SpecBook
  std::vector<uint32_t> words;  ///< that occur in it, by place in the vocabulary
};

/// The scored answers of one spec, in the order of the run.
struct SpecBook {
  std::vector<ComponentKey> components;
  std::vector<AuditAnswer> answers;
};

/// A component's part of what tells answers of a group apart.
struct VarianceShare {
  ComponentKey key;
  double share = 0;  ///< cov(part, total) / var(total) within groups; the shares of a spec sum to 1
};

/// One thing that the audit looked at, and whether it is out of the ordinary.
struct Finding {
  std::string check;  ///< one of all_checks()
  std::string spec;
  std::string what;  ///< the component, or what else it is about
  double value = 0;  ///< in the unit of the check
  double limit = 0;  ///< beyond which it is an alarm
  double z = 0;      ///< 0 where the check has no score
  bool alarm = false;
  std::string sentence;  ///< for people; may hold a word of an answer
};

/// "share", "length", "bias", "against", "alike", "copies", "jump", "holdout"; audit_checks.h
/// explains them.
const std::vector<std::string>& all_checks();

struct AuditReport {
  int64_t answers = 0, groups = 0, steps = 0;
  int64_t unscored = 0;
  std::vector<VarianceShare> shares;
  std::vector<Finding> findings;              ///< all that was looked at
  std::map<std::string, int64_t> false_runs;  ///< clean runs with an alarm, by check
  int64_t calibration_runs = 0;

  bool has_alarm(const std::string& check) const;
};

/// Reads the stored outcomes of a run and looks for what rewards should not do.
class Audit {
 public:
  void add(int64_t step, const ScoredGroup& group);
  /// Without the calibration.
  AuditReport report() const;
  /// Mean number of scored answers in a group, of groups in a step, and of steps.
  int64_t samples() const;
  int64_t groups_of_a_step() const;
  int64_t steps() const { return std::ssize(steps_); }

 private:
  /// The place of a word in `words_`, which takes up new ones; none where it is full.
  std::optional<uint32_t> numbered(const std::string& word);
  /// The distinct words of a text, and its rows of signs ("!!!"), by their places; sorted.
  std::vector<uint32_t> numbered_words(std::string_view text);

  std::map<std::string, SpecBook> books_;
  std::unordered_map<std::string, uint32_t> vocabulary_;
  std::vector<std::string> words_;
  std::map<int64_t, int64_t> steps_;  ///< groups of each
  int64_t groups_ = 0, answers_ = 0, unscored_ = 0;
};

/// Audits `kCalibrationRuns` clean runs, simulated with fixed seeds in the shape of the audited one
/// (at most 48 steps of 16 groups of 8), and says in how many of them each check raised an alarm;
/// nothing of holdout, as no judge is asked about them.
void calibrate(const Audit& audit, AuditReport& report);
constexpr int64_t kCalibrationRuns = 20;

/// The tables, for people. `safe` makes words of answers fit for a terminal.
std::string render(const AuditReport& report, std::string (*safe)(std::string_view));
nlohmann::json to_json(const AuditReport& report);

}  // namespace nelumbo

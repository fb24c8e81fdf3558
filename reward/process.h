// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reward/reward.h"
#include "reward/term.h"

namespace nelumbo {

/// A fault of one step: a tool turn or a recalled line.
struct Fault {
  int64_t first_token = 0, last_token = 0;  ///< the step's, [first_token, last_token)
  std::string reason{};
  double most = 1;      ///< no score of the step, and no value of the layer, is more than this
  bool is_step = true;  ///< false: of steps that are not there, and so of the layer's value alone
};

/// A fault of a ToolCall or a ThoughtStep.
template <class Step>
Fault fault_of(const Step& step, std::string reason) {
  return {step.first_token, step.last_token, std::move(reason)};
}

/// Looks at the steps of a trajectory (its tool turns and recalled lines) for one kind of fault.
class StepCheck {
 public:
  virtual ~StepCheck() = default;
  virtual Result<std::vector<Fault>> faults(const Scene& scene) const = 0;
  virtual std::vector<TruthField> needs() const { return {}; }
};

/// What the process layer says of one trajectory.
struct ProcessVerdict {
  double value = 1;                   ///< Outcome::process
  std::vector<StepFactor> steps;      ///< Outcome::steps
  std::vector<Component> components;  ///< one for each check: the smallest factor that it gave;
                                      ///< with a weight, "steps" before them, of weight 1
};

/// The process layer. A step is a tool turn or a recalled line; s_k is the smallest factor of the
/// faults of step k, 1 where it has none. As a multiplier the layer has no weight and scales the
/// return of each step's tokens by s_k, and the total by the smallest. In the other forms it has
/// one, beside rule and rubric, and a value of 0 where there is no step at all:
///
///   sum    the mean of s_k
///   min    the smallest s_k
///   token  the mean of s_k
///
/// learner/credit.h says how min and token train token by token. Checks and their default factors:
///
///   loop         0.1  the same call as before, on the same picture and place, or the same recalled
///                     line, whatever its case and blanks
///   unsupported  0.5  a `locate` whose box overlaps no truth box by `iou`
///   unused_tool  0.8  a call that failed or showed nothing new, or a `zoom` that lies outside the
///                     truth field `region`
///   wrong_order  0.9  a call after an answer, or before the tools ahead of it in `order`
///   gold_path    0.5  a recalled line off the path that the truth field `path` lists, or behind
///                     lines of it that are left out, which bound the value, too; gold_path.h has
///                     the rule
///   arithmetic   0.5  a sentence or line with an equation that does not hold; arithmetic.h
///   evidence     0.5  a sentence or line without a box or a quotation; thought_checks.h
///   conclusion   0.5  the last one, where the answer stands in none; thought_checks.h
///   parts        0.9  each line or sentence, where the parts of the thought, or the answer before
///                     them, stand out of order; thought_checks.h
///   learned      0.5  a recalled line that a trained step judge holds to be faulty; score_terms.h
class ProcessLayer {
 public:
  /// The kinds of its checks.
  static std::vector<std::string> kinds();
  static Result<ProcessLayer> read(const SpecNode& node);

  StepCredit credit() const { return credit_; }
  /// Its share beside rule and rubric, before these are divided by their sum; 0 as a multiplier.
  double weight() const { return credit_ == StepCredit::kMultiplier ? 0 : weight_; }
  Result<ProcessVerdict> judge(const Scene& scene) const;
  std::vector<TruthField> needs() const;

 private:
  struct Entry {
    std::string name;
    double factor = 1;
    std::unique_ptr<const StepCheck> check;
  };
  /// The verdict of a form with a weight, from the faulty steps; at most `most`.
  void add_value(const Trajectory& trajectory, double most, ProcessVerdict& verdict) const;

  StepCredit credit_ = StepCredit::kMultiplier;
  double weight_ = 1;
  std::vector<Entry> checks_;
};

}  // namespace nelumbo

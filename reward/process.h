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
  std::string reason;
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
  double factor = 1;                  ///< the smallest of all steps
  std::vector<StepFactor> steps;      ///< faulty steps only, each with its smallest factor
  std::vector<Component> components;  ///< one for each check: the smallest factor that it gave
};

/// The process layer in its multiplier form: it has no weight and scales the return of a step by
/// the smallest factor of the step's faults. Checks and their default factors:
///
///   loop         0.1  the same call as before, on the same picture and place, or the same recalled
///                     line, whatever its case and blanks
///   unsupported  0.5  a `locate` whose box overlaps no truth box by `iou`
///   unused_tool  0.8  a call that failed or showed nothing new, or a `zoom` that lies outside the
///                     truth field `region`
///   wrong_order  0.9  a call after an answer, or before the tools ahead of it in `order`
///   gold_path    0.5  a recalled line off the path that the truth field `path` lists; gold_path.h
///                     has the rule
///   learned      0.5  a recalled line that a trained step judge holds to be faulty; score_terms.h
class ProcessLayer {
 public:
  static Result<ProcessLayer> read(const SpecNode& node);

  Result<ProcessVerdict> judge(const Scene& scene) const;
  std::vector<TruthField> needs() const;

 private:
  struct Entry {
    std::string name;
    double factor = 1;
    std::unique_ptr<const StepCheck> check;
  };
  std::vector<Entry> checks_;
};

}  // namespace nelumbo

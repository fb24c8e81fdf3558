// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reward/rules.h"

namespace nelumbo {

/// The rubric layer: criteria that are met or not, each decided by a deterministic matcher.
class RubricLayer {
 public:
  static Result<RubricLayer> read(const SpecNode& node);

  double weight() const { return weight_; }
  bool applies(const Prompt& prompt) const;
  std::vector<TruthField> needs() const;
  Result<LayerVerdict> judge(const Scene& scene) const;
  /// All components with value 0, for an answer that is not looked at.
  LayerVerdict zero(const Prompt& prompt, const std::string& why) const;

 private:
  struct Entry {
    std::string criterion;
    double points = 0;     ///< what it adds when met
    bool pitfall = false;  ///< the matcher finds the fault, so that not matching is meeting it
    TermPtr matcher;
  };
  double positive_points(const Prompt& prompt) const;
  static Result<Entry> read_entry(const SpecNode& node, const std::string& form);

  double weight_ = 1;
  std::vector<Entry> criteria_;
};

}  // namespace nelumbo

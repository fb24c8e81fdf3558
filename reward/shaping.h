// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reward/reward.h"
#include "reward/term.h"

namespace nelumbo {

/// What all shaping terms together may take off or add. A right answer is worth more than this
/// range above a wrong one, so shaping orders equals and never flips right and wrong.
constexpr double kLeastShaping = -0.1;
constexpr double kMostShaping = 0.05;

/// Small bounded terms beside the layers:
///   soft_overlong  0 up to max_tokens - buffer drawn tokens, then down in a line to -factor at
///                  max_tokens and beyond (Yu et al., DAPO, 2025)
///   nudge          `value` where the matcher `when` matches; an empty answer earns none above 0
class Shaping {
 public:
  /// Reads the list and refuses one that could leave [kLeastShaping, kMostShaping].
  static Result<Shaping> read(const SpecNode& node);

  std::vector<TruthField> needs() const;
  /// The components; their values sum up to the shaping.
  Result<std::vector<Component>> judge(const Scene& scene) const;
  /// Most minus least that it can give.
  double range() const { return highest_ - lowest_; }

 private:
  struct Entry {
    std::string name;
    int64_t max_tokens = 0, buffer = 0;  ///< soft_overlong
    double value = 0;                    ///< the factor, or the nudge
    TermPtr when;                        ///< nudge only
  };
  static Result<Entry> read_entry(const SpecNode& node);
  static Result<Entry> read_overlong(const SpecNode& node);
  static Result<Entry> read_nudge(const SpecNode& node);

  double lowest_ = 0, highest_ = 0;
  std::vector<Entry> entries_;
};

/// The penalty of soft_overlong, in [-factor, 0]. REQUIRES: 0 < buffer <= max_tokens.
double soft_overlong(int64_t tokens, int64_t max_tokens, int64_t buffer, double factor);

}  // namespace nelumbo

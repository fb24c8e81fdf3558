// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/team.h"
#include "learner/config.h"
#include "model/weights.h"

namespace nelumbo {

/// A trained tensor's name and shape.
struct ParameterShape {
  std::string name;
  std::vector<int64_t> shape;
};

/// Where a parameter and its gradient lie during one step; the caller owns both.
struct ParameterView {
  std::span<float> weights;
  std::span<const float> gradient;  ///< as long as `weights`
};

/// Whether weight decay applies: to tensors of two or more dimensions (matrices, patch filters),
/// but not to token and position embeddings, of which a step's data touches a few rows only.
/// Norms and biases have one dimension.
bool decays(const ParameterShape& parameter);

/// The norm of all gradients together, in double, added in parameter order. Not finite when any
/// gradient is not.
double gradient_norm(Team& team, std::span<const ParameterView> parameters);

/// AdamW with clipping by the global norm. Owns the moments of a list of parameters; all calls take
/// views in the order of that list. No clock, no randomness: equal inputs, equal bits.
class Optimizer {
 public:
  explicit Optimizer(std::vector<ParameterShape> parameters);

  /// One step at learning rate `lr`, the gradients scaled by min(1, clip / norm) on the way. With a
  /// norm that is not finite nothing changes but the count of skipped steps, and it answers false.
  /// Learning rate 0 leaves the weights as they are, bit for bit.
  bool step(Team& team, const OptimizerConfig& config, double lr, double norm,
            std::span<const ParameterView> parameters);

  /// Forgets moments and counts: the start of a stage.
  void reset();

  int64_t steps() const { return steps_; }      ///< applied since the last reset
  int64_t skipped() const { return skipped_; }  ///< refused since the last reset

  /// "adamw.m/<name>" and "adamw.v/<name>" for each parameter, then "adamw.counts": steps, skipped.
  WeightSet state() const;
  /// Takes the tensors that `state` names out of `tensors`, which may hold others. kBadData names
  /// one that is missing or of another shape; the optimizer is then as it was.
  Result<void> restore(const WeightSet& tensors);
  /// Whether a tensor of that name belongs to `state`.
  static bool owns(const std::string& name) { return name.starts_with("adamw."); }

 private:
  std::vector<ParameterShape> parameters_;
  std::vector<std::vector<float>> m_, v_;
  int64_t steps_ = 0;
  int64_t skipped_ = 0;
};

}  // namespace nelumbo

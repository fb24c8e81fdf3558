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
  int64_t block = 0;  ///< part of the network that it belongs to; see Shards
};

/// The elements of a tensor of that shape.
size_t size_of(const std::vector<int64_t>& shape);

/// Where a parameter and its gradient lie during one step; the caller owns both.
struct ParameterView {
  std::span<float> weights;
  std::span<float> gradient;  ///< as long as `weights`
};

/// Elements [begin, end) of one of a list of tensors.
struct Piece {
  size_t tensor = 0;
  int64_t begin = 0, end = 0;

  bool operator==(const Piece&) const = default;
};

/// One piece for each tensor.
std::vector<Piece> whole_pieces(const std::vector<ParameterShape>& tensors);
/// The pieces' part of all views.
std::vector<ParameterView> views_of(std::span<const Piece> pieces,
                                    std::span<const ParameterView> views);

/// Whether weight decay applies: to tensors of two or more dimensions (matrices, patch filters),
/// but not to token and position embeddings, of which a step's data touches a few rows only.
/// Norms and biases have one dimension.
bool decays(const ParameterShape& parameter);

/// The square of the norm of all gradients together, in double, added in order. Not finite when any
/// gradient is not.
double squared_norm(Team& team, std::span<const ParameterView> views);

/// AdamW with clipping by the global norm. Owns the moments of pieces of a list of parameters; all
/// calls take views in the order of the pieces. No clock, no randomness: equal inputs, equal bits,
/// however the parameters are cut.
class Optimizer {
 public:
  /// Of all parameters, whole.
  explicit Optimizer(std::vector<ParameterShape> parameters);
  Optimizer(std::vector<ParameterShape> parameters, std::vector<Piece> pieces);

  /// One step at learning rate `lr`, the gradients scaled by min(1, clip / norm) on the way. With a
  /// norm that is not finite nothing changes but the count of skipped steps, and it answers false.
  /// Learning rate 0 leaves the weights as they are, bit for bit.
  bool step(Team& team, const OptimizerConfig& config, double lr, double norm,
            std::span<const ParameterView> views);

  /// Forgets moments and counts: the start of a stage.
  void reset();

  int64_t steps() const { return steps_; }      ///< applied since the last reset
  int64_t skipped() const { return skipped_; }  ///< refused since the last reset

  /// What `state` calls a parameter's first (0) or second (1) moment.
  static std::string moment_name(size_t which, const std::string& parameter);
  /// "adamw.m/<name>" and "adamw.v/<name>" for each parameter, whole, with 0 outside of the pieces;
  /// then "adamw.counts": steps, skipped.
  WeightSet state(Team& team) const;
  /// The first (0) or second (1) moments of the pieces, in their order.
  std::vector<std::span<float>> moments(size_t which);
  /// Takes the tensors that `state` names out of `tensors`, which may hold others. kBadData names
  /// one that is missing or of another shape; the optimizer is then as it was.
  Result<void> restore(const WeightSet& tensors);
  /// Whether a tensor of that name belongs to `state`.
  static bool owns(const std::string& name) { return name.starts_with("adamw."); }

 private:
  std::vector<ParameterShape> parameters_;
  std::vector<Piece> pieces_;
  std::vector<std::vector<float>> m_, v_;  ///< of each piece
  int64_t steps_ = 0;
  int64_t skipped_ = 0;
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "learner/optimizer.h"
#include "learner/train_ops.h"
#include "learner/trained_parts.h"
#include "model/stored_type.h"
#include "model/weights.h"

namespace nelumbo {

/// What an optimizer steps on, of the parameters of `ops`: those that are trained, and the factors
/// of adapters in the place of those that are adapted. Nothing, before a stage has begun.
class Trainables {
 public:
  /// A stage's adapters begin with draws keyed by `seed`. Values of the parameters are rounded to
  /// the network's type; what is stepped on never is. `ops` must outlive it.
  Trainables(TrainOps& ops, uint64_t seed) : ops_(ops), seed_(seed), type_(ops.network().type) {}

  /// Begins a stage at the parameters' values, with adapters that change nothing yet. REQUIRES: a
  /// treatment for each parameter; values that the type can store.
  void begin(std::vector<Treatment> treatments, const AdapterConfig& adapter);
  bool begun() const { return !treatments_.empty(); }
  /// Ends the stage: the values stay, merged.
  void end();

  /// Names and shapes in the order of `views`: a factor is called as in PEFT's files.
  std::vector<ParameterShape> shapes() const;
  void zero_gradients();
  std::vector<ParameterView> views();
  /// Must follow each change of what `views` show: merges adapters and packs what was changed.
  void changed();

  /// The treatments, of each adapter alpha, W0 and the factors, and of rounded parameters what is
  /// stepped on.
  WeightSet state() const;
  /// Takes the tensors that `state` names out of `tensors`, which may hold others, and goes on with
  /// that stage. The parameters' values must be those of the same moment. kBadData names the tensor
  /// that is missing or of another shape.
  Result<void> restore(const WeightSet& tensors);
  /// Whether a tensor of that name belongs to `state`.
  static bool owns(const std::string& name);

 private:
  void treat(std::vector<Treatment> treatments);

  TrainOps& ops_;
  uint64_t seed_;
  StoredType type_;
  std::vector<Treatment> treatments_;  ///< empty before a stage has begun
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
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
  /// the network's type; what is stepped on never is. `blocks`: which block of Shards each
  /// parameter belongs to. `ops` must outlive it.
  Trainables(TrainOps& ops, uint64_t seed, std::vector<int64_t> blocks)
      : ops_(ops), seed_(seed), type_(ops.network().type), blocks_(std::move(blocks)) {}

  /// Begins a stage at the parameters' values, with adapters that change nothing yet. REQUIRES: a
  /// treatment for each parameter; values that the type can store; no adapters where the
  /// parameters have no values here.
  void begin(std::vector<Treatment> treatments, const AdapterConfig& adapter);
  bool begun() const { return !trained_.empty(); }
  const std::vector<Treatment>& treatments() const { return treatments_; }
  /// Ends the stage: the values stay, merged.
  void end();
  /// Follows `begin` and `restore`: this rank steps on these pieces of what `shapes` lists. Rounded
  /// parameters get what is stepped on: that of the state, or their values.
  void own(std::span<const Piece> pieces, const WeightSet& state = {});

  /// Names and shapes of what is trained: a factor is called as in PEFT's files.
  std::vector<ParameterShape> shapes() const;
  void zero_gradients();
  /// Of pieces of it, as far as this rank steps on them.
  std::vector<ParameterView> views(std::span<const Piece> pieces);
  /// Whole gradients, zeros where nothing was gathered yet; and what ranks tell each other behind a
  /// step: values and factors. In the order of `shapes`.
  std::vector<std::span<float>> gradients();
  std::vector<std::span<float>> values();
  /// Must follow each step: rounds what was stepped on to the parameters' values.
  void stepped();
  /// Must follow each change of `values`: merges adapters and packs what was changed.
  void changed();

  /// The treatments, of each adapter alpha, W0 and the factors, and of rounded parameters what this
  /// rank steps on, zeros elsewhere.
  WeightSet state() const;
  /// Takes what `state` names out of `tensors`, which may hold others, and goes on with that
  /// stage; `own` follows. The parameters' values must be those of the same moment. kBadData names
  /// the tensor that is missing or of another shape.
  Result<void> restore(const WeightSet& tensors);
  /// What `state` calls what is stepped on in the place of a rounded parameter.
  static std::string master_name(const std::string& parameter);
  /// Whether a tensor of that name belongs to `state`.
  static bool owns(const std::string& name);

 private:
  /// A trained tensor: a parameter, or a factor of its adapter.
  struct Trained {
    size_t parameter = 0;
    enum Part : uint8_t { kValue, kFactorA, kFactorB } part = kValue;
  };

  void treat(std::vector<Treatment> treatments);
  void list_trained();
  std::span<float> value(const Trained& trained);
  std::span<float> gradient(const Trained& trained);

  TrainOps& ops_;
  uint64_t seed_;
  StoredType type_;
  std::vector<int64_t> blocks_;
  std::vector<Treatment> treatments_;  ///< empty before a stage has begun
  std::vector<Trained> trained_;
};

}  // namespace nelumbo

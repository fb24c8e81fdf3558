// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "base/error.h"
#include "learner/network_units.h"
#include "learner/shards.h"
#include "learner/train_ops.h"
#include "learner/trained_parts.h"

namespace nelumbo {

/// A policy that no rank holds whole (ZeRO stage 3: Rajbhandari et al., 2020). Each rank keeps its
/// slices: fp32 values (`TrainParameter::master`) and summed gradients. A unit's parameters are
/// gathered in `open` and dropped in `close`, which for the gradients of a backward pass sums them
/// over ranks into the slices. All ranks make the same calls in the same order; each answers
/// kUnavailable when a rank does not come in time. `ops`, which begins without values, and `ranks`
/// must outlive it.
class UnitShards {
 public:
  /// What passes an open unit.
  enum class Pass { kForward, kBackward };

  UnitShards(TrainOps& ops, std::vector<NetworkUnit> units, const LearnerRanks& ranks);

  const std::vector<NetworkUnit>& units() const { return units_; }
  /// Whether a backward pass has to go as far as that unit: it or one before it trains.
  bool has_gradients(int64_t unit) const { return unit >= cut_.first_trained; }

  /// Keeps this rank's slices of whole parameters. `values`: of parameter i. No treatments: nothing
  /// is trained.
  using Values = std::function<std::span<const float>(size_t parameter)>;
  void take(const std::vector<Treatment>& treatments, const Values& values);
  /// Cuts the parameters anew where other ones are trained.
  Result<void> treat(const std::vector<Treatment>& treatments);
  /// Calls `use` with each whole parameter, in the order of blocks.
  using Use = std::function<void(size_t parameter, std::span<const float> values)>;
  Result<void> each_whole(const Use& use);

  Result<void> open(int64_t unit, Pass pass);
  Result<void> close(int64_t unit, Pass pass);

  /// The most bytes of parameters, in any form, and of gradients not summed yet, that were held
  /// beside the slices; and the fp32 values of the largest unit.
  int64_t peak_bytes() const { return peak_bytes_; }
  int64_t largest_unit_bytes() const;

 private:
  /// The parameters that are trained, or those that are not.
  struct Half {
    Half(const std::vector<ParameterShape>& shapes, std::vector<size_t> ids, Collectives& ranks)
        : shards(shapes, ranks, Sharding::kFull), parameters(std::move(ids)) {}

    Shards shards;
    std::vector<size_t> parameters;  ///< of each of its tensors
  };

  /// How the parameters are cut.
  struct Cut {
    std::vector<Half> halves;                  ///< trained, frozen
    std::vector<std::optional<Piece>> pieces;  ///< this rank's, of each parameter
    std::vector<bool> trained;                 ///< each parameter
    int64_t first_trained = 0;                 ///< unit
  };

  Cut cut_of(const std::vector<Treatment>& treatments) const;
  /// Keeps this rank's slice of a whole parameter.
  void keep(const Cut& cut, size_t id, std::span<const float> values);
  Shards::Parts parts_of(const Half& half, std::vector<float> TrainParameter::*what);
  /// Brings the values of a block's parameters.
  Result<void> gather(int64_t block);
  Result<void> sum_gradients(int64_t block);
  /// Brings a gathered parameter into the form in which its unit reads it.
  void form(const UnitParameter& parameter, Pass pass);
  void drop(TrainParameter& parameter);
  void count();

  TrainOps& ops_;
  std::vector<NetworkUnit> units_;
  const LearnerRanks& ranks_;
  std::vector<int64_t> blocks_;  ///< the first unit that uses each parameter
  Cut cut_;
  std::map<size_t, at::Tensor> gradients_;  ///< of parameters that an earlier unit uses, too
  int64_t peak_bytes_ = 0;
};

}  // namespace nelumbo

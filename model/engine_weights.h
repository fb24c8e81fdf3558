// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/error.h"
#include "kernels/kernels.h"
#include "kernels/team.h"
#include "model/network.h"
#include "model/weight_files.h"
#include "model/weight_source.h"
#include "model/weights.h"

namespace nelumbo {

/// Weights ready for the engine, each of them held once: matrices packed, those of the decoder and
/// the head for the network's products, the others as they are. Immutable.
class EngineWeights {
 public:
  /// Copies. REQUIRES: weights in the network's order, of values that its type can store.
  EngineWeights(const Network& network, const std::shared_ptr<const WeightSet>& weights,
                Team& team);

  /// Reads a directory panel by panel: no tensor is in memory twice. Values are rounded to the
  /// network's type.
  /// kBadData names the tensor that is missing, unknown, of another shape, or not finite.
  static Result<std::shared_ptr<const EngineWeights>> read(const Network& network,
                                                           const WeightFiles& files, Team& team);
  /// Takes one tensor after another, each of the network's parameters. The source's errors.
  static Result<std::shared_ptr<const EngineWeights>> read(const Network& network,
                                                           const WeightSource& source, Team& team);

  /// REQUIRES: a weight that is multiplied, a token embedding, or a convolution's.
  const PackedMatrix& matrix(ParameterId id) const { return packed_[static_cast<size_t>(id)]; }
  /// REQUIRES: any other.
  const float* values(ParameterId id) const { return plain_[static_cast<size_t>(id)].data(); }
  /// Copies a row of a matrix: what a token embedding says of a token.
  void row(ParameterId id, int64_t row, float* to) const;

 private:
  explicit EngineWeights(const Network& network);
  void place(const Network& network);
  void put(const ParameterInfo& info, size_t index, const std::vector<float>& values, Team& team);

  Buffer panels_;                          ///< of all matrices, in the network's order
  std::vector<PackedMatrix> packed_;       ///< [parameters], empty for the others
  std::vector<std::vector<float>> plain_;  ///< [parameters], empty for matrices
};

}  // namespace nelumbo

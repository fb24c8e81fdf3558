// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/kernels.h"
#include "model/config.h"
#include "model/parameters.h"
#include "model/stored_type.h"
#include "model/weights.h"
#include "model/window_tower.h"

namespace nelumbo {

struct VisionLayer {
  LayerNormSlot norm1, norm2;
  LinearSlot q, k, v, out, fc1, fc2;
};

struct DecoderLayer {
  ParameterId input_norm = 0, post_norm = 0;
  std::optional<ParameterId> q_norm, k_norm;  ///< both or none
  LinearSlot q, k, v, o, gate, up, down;
};

/// Which parameter stands where in a policy. Both executors of model/forward.h read it; what
/// belongs to pictures is empty where the policy sees none.
struct Network {
  ModelConfig config;
  StoredType type = StoredType::kF32;  ///< of its weights, which decides how matrices multiply
  EngineProducts products = EngineProducts::kAsStored;  ///< of engines alone
  Rotary rotary;                                        ///< of the decoder's heads
  std::vector<ParameterInfo> parameters;                ///< in the order of every WeightSet

  LinearSlot patch_embedding;
  ParameterId position_embedding = 0;
  std::vector<VisionLayer> vision;
  LayerNormSlot vision_norm;
  LinearSlot connector;
  std::optional<WindowTower> windows;  ///< in the place of the five above
  ParameterId token_embedding = 0;
  std::vector<DecoderLayer> decoder;
  ParameterId final_norm = 0;
  ParameterId head = 0;  ///< the token embedding where it is tied
};

/// REQUIRES: a validated configuration with vocab_size > 0.
Network make_network(const ModelConfig& config, StoredType type = StoredType::kF32);

/// Whether tensors of these names and shapes are the network's; kBadData names the one that is
/// missing, unknown or of another shape.
Result<void> check_shapes(const Network& network, const std::vector<TensorShape>& tensors);

/// Weights in the network's order: tensors of other order are sorted in; kBadData names the tensor
/// that is missing, unknown, of another shape, or not finite.
Result<WeightSet> arrange_weights(const Network& network, WeightSet weights);

/// Untrained weights: normal values keyed by (seed, parameter), so that equal seeds give equal
/// bytes.
WeightSet initial_weights(const Network& network, uint64_t seed);

}  // namespace nelumbo

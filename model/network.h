// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/weights.h"

namespace nelumbo {

/// Index of a parameter in `Network::parameters`.
using ParameterId = int32_t;

/// Name, shape and starting distribution of one parameter.
struct ParameterInfo {
  std::string name;  ///< the Hugging Face name
  std::vector<int64_t> shape;
  double init_mean = 0;
  double init_std = 0;
};

/// y = x w^T + bias.
struct LinearSlot {
  ParameterId weight = 0;
  std::optional<ParameterId> bias;
};

/// weight and bias of a LayerNorm.
struct LayerNormSlot {
  ParameterId weight = 0;
  ParameterId bias = 0;
};

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
  std::vector<float> frequencies;  ///< of rotary positions, one for each pair of a decoder head
  std::vector<ParameterInfo> parameters;  ///< in the order of every WeightSet

  LinearSlot patch_embedding;
  ParameterId position_embedding = 0;
  std::vector<VisionLayer> vision;
  LayerNormSlot vision_norm;
  LinearSlot connector;
  ParameterId token_embedding = 0;
  std::vector<DecoderLayer> decoder;
  ParameterId final_norm = 0;
  ParameterId head = 0;  ///< the token embedding where it is tied
};

/// REQUIRES: a validated configuration with vocab_size > 0.
Network make_network(const ModelConfig& config);

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

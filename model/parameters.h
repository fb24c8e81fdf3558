// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

/// Hands out parameters in the order in which they are asked for.
class ParameterBuilder {
 public:
  explicit ParameterBuilder(std::vector<ParameterInfo>& out) : out_(out) {}

  ParameterId add(const std::string& name, std::vector<int64_t> shape, double mean, double std) {
    out_.push_back({name, std::move(shape), mean, std});
    return static_cast<ParameterId>(out_.size()) - 1;
  }

  ParameterId ones(const std::string& name, int64_t k) { return add(name, {k}, 1, 0); }

  /// `gain` scales the usual 1/sqrt(3 k) of a linear layer.
  LinearSlot linear(const std::string& name, int64_t n, int64_t k, double gain = 1) {
    return {add(name + ".weight", {n, k}, 0, gain / std::sqrt(3.0 * static_cast<double>(k))), {}};
  }

  LinearSlot linear_with_bias(const std::string& name, int64_t n, int64_t k, double gain = 1) {
    LinearSlot slot = linear(name, n, k, gain);
    slot.bias = add(name + ".bias", {n}, 0, 0);
    return slot;
  }

  LayerNormSlot layer_norm(const std::string& name, int64_t k) {
    const ParameterId weight = ones(name + ".weight", k);
    return {weight, add(name + ".bias", {k}, 0, 0)};
  }

 private:
  std::vector<ParameterInfo>& out_;
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "learner/optimizer.h"

#include <cmath>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

using TensorsByName = std::unordered_map<std::string, const NamedTensor*>;

size_t size_of(const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (const int64_t extent : shape)
    size *= extent;
  return static_cast<size_t>(size);
}

Result<const NamedTensor*> find(const TensorsByName& tensors, const std::string& name,
                                const std::vector<int64_t>& shape) {
  const auto at = tensors.find(name);
  if (at == tensors.end())
    return Error{Errc::kBadData, "checkpoint: " + name + ": missing; take another checkpoint"};
  if (at->second->shape != shape || at->second->values.size() != size_of(shape))
    return Error{Errc::kBadData,
                 "checkpoint: " + name + ": its shape is not that of the model in the config"};
  return at->second;
}

}  // namespace

bool decays(const ParameterShape& parameter) {
  return parameter.shape.size() >= 2 && !parameter.name.ends_with("embed_tokens.weight") &&
         !parameter.name.ends_with("position_embedding.weight");
}

double gradient_norm(Team& team, std::span<const ParameterView> parameters) {
  double squares = 0;
  for (const ParameterView& parameter : parameters)
    squares += sum_of_squares(team, parameter.gradient.data(), std::ssize(parameter.gradient));
  return std::sqrt(squares);
}

Optimizer::Optimizer(std::vector<ParameterShape> parameters) : parameters_(std::move(parameters)) {
  reset();
}

void Optimizer::reset() {
  m_.clear();
  v_.clear();
  for (const ParameterShape& parameter : parameters_) {
    m_.emplace_back(size_of(parameter.shape), 0.0F);
    v_.emplace_back(size_of(parameter.shape), 0.0F);
  }
  steps_ = 0;
  skipped_ = 0;
}

bool Optimizer::step(Team& team, const OptimizerConfig& config, double lr, double norm,
                     std::span<const ParameterView> parameters) {
  NELUMBO_CHECK(parameters.size() == parameters_.size()) << "parameters and views differ in number";
  if (!std::isfinite(norm)) {
    ++skipped_;
    return false;
  }
  ++steps_;
  AdamW options{.lr = static_cast<float>(lr),
                .beta1 = static_cast<float>(config.beta1),
                .beta2 = static_cast<float>(config.beta2),
                .eps = static_cast<float>(config.eps),
                .step = steps_,
                .gradient_scale = norm > config.clip ? static_cast<float>(config.clip / norm) : 1};
  for (size_t p = 0; p < parameters.size(); ++p) {
    const ParameterView& view = parameters[p];
    NELUMBO_CHECK(view.weights.size() == m_[p].size() && view.gradient.size() == m_[p].size())
        << parameters_[p].name << ": weights or gradient of another size";
    options.decay = decays(parameters_[p]) ? static_cast<float>(config.weight_decay) : 0;
    adamw(team, options, view.gradient.data(), std::ssize(view.weights), view.weights.data(),
          m_[p].data(), v_[p].data());
  }
  return true;
}

WeightSet Optimizer::state() const {
  WeightSet tensors;
  for (size_t p = 0; p < parameters_.size(); ++p) {
    const auto& [name, shape] = parameters_[p];
    tensors.push_back({"adamw.m/" + name, shape, m_[p]});
    tensors.push_back({"adamw.v/" + name, shape, v_[p]});
  }
  tensors.push_back(
      {"adamw.counts", {2}, {static_cast<float>(steps_), static_cast<float>(skipped_)}});
  return tensors;
}

Result<void> Optimizer::restore(const WeightSet& tensors) {
  TensorsByName by_name;
  for (const NamedTensor& tensor : tensors)
    by_name.emplace(tensor.name, &tensor);
  const auto counts = find(by_name, "adamw.counts", {2});
  if (!counts)
    return counts.error();
  std::vector<const NamedTensor*> moments;
  for (const auto& [name, shape] : parameters_) {
    for (const char* prefix : {"adamw.m/", "adamw.v/"}) {
      const auto moment = find(by_name, prefix + name, shape);
      if (!moment)
        return moment.error();
      moments.push_back(moment.value());
    }
  }
  for (size_t p = 0; p < parameters_.size(); ++p) {
    m_[p] = moments[2 * p]->values;
    v_[p] = moments[2 * p + 1]->values;
  }
  steps_ = static_cast<int64_t>(counts.value()->values[0]);
  skipped_ = static_cast<int64_t>(counts.value()->values[1]);
  return {};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "learner/optimizer.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "kernels/kernels.h"

namespace nelumbo {
namespace {

using TensorsByName = std::unordered_map<std::string, const NamedTensor*>;

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

size_t size_of(const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (const int64_t extent : shape)
    size *= extent;
  return static_cast<size_t>(size);
}

bool decays(const ParameterShape& parameter) {
  return parameter.shape.size() >= 2 && !parameter.name.ends_with("embed_tokens.weight") &&
         !parameter.name.ends_with("position_embedding.weight");
}

std::vector<Piece> whole_pieces(const std::vector<ParameterShape>& tensors) {
  std::vector<Piece> pieces;
  for (size_t t = 0; t < tensors.size(); ++t)
    pieces.push_back({t, 0, static_cast<int64_t>(size_of(tensors[t].shape))});
  return pieces;
}

std::vector<ParameterView> views_of(std::span<const Piece> pieces,
                                    std::span<const ParameterView> views) {
  std::vector<ParameterView> parts;
  for (const auto& [tensor, begin, end] : pieces) {
    const auto [from, count] =
        std::pair(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
    parts.push_back(
        {views[tensor].weights.subspan(from, count), views[tensor].gradient.subspan(from, count)});
  }
  return parts;
}

double squared_norm(Team& team, std::span<const ParameterView> views) {
  double squares = 0;
  for (const ParameterView& view : views)
    squares += sum_of_squares(team, view.gradient.data(), std::ssize(view.gradient));
  return squares;
}

Optimizer::Optimizer(std::vector<ParameterShape> parameters)
    : Optimizer(parameters, whole_pieces(parameters)) {}

Optimizer::Optimizer(std::vector<ParameterShape> parameters, std::vector<Piece> pieces)
    : parameters_(std::move(parameters)), pieces_(std::move(pieces)) {
  reset();
}

void Optimizer::reset() {
  m_.clear();
  v_.clear();
  for (const Piece& piece : pieces_) {
    m_.emplace_back(static_cast<size_t>(piece.end - piece.begin), 0.0F);
    v_.emplace_back(m_.back());
  }
  steps_ = 0;
  skipped_ = 0;
}

bool Optimizer::step(Team& team, const OptimizerConfig& config, double lr, double norm,
                     std::span<const ParameterView> views) {
  NELUMBO_CHECK(views.size() == pieces_.size()) << "pieces and views differ in number";
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
  for (size_t p = 0; p < views.size(); ++p) {
    const ParameterView& view = views[p];
    const ParameterShape& parameter = parameters_[pieces_[p].tensor];
    NELUMBO_CHECK(view.weights.size() == m_[p].size() && view.gradient.size() == m_[p].size())
        << parameter.name << ": weights or gradient of another size";
    options.decay = decays(parameter) ? static_cast<float>(config.weight_decay) : 0;
    adamw(team, options, view.gradient.data(), std::ssize(view.weights), view.weights.data(),
          m_[p].data(), v_[p].data());
  }
  return true;
}

std::string Optimizer::moment_name(size_t which, const std::string& parameter) {
  return (which == 0 ? "adamw.m/" : "adamw.v/") + parameter;
}

WeightSet Optimizer::state(Team& team) const {
  WeightSet tensors;
  for (const auto& [name, shape, block] : parameters_)
    for (const size_t which : {0, 1})
      tensors.push_back({moment_name(which, name), shape, {}});
  std::vector<std::vector<size_t>> pieces_of(parameters_.size());
  for (size_t p = 0; p < pieces_.size(); ++p)
    pieces_of[pieces_[p].tensor].push_back(p);
  team.run(std::ssize(tensors), [&](int64_t task) {
    const auto t = static_cast<size_t>(task);
    std::vector<float>& values = tensors[t].values;
    const std::vector<size_t>& pieces = pieces_of[t / 2];
    const auto& moments = t % 2 == 0 ? m_ : v_;
    if (pieces.size() == 1 && moments[pieces[0]].size() == size_of(tensors[t].shape)) {
      values = moments[pieces[0]];  // whole, as it mostly is: nothing has to be zeroed before
      return;
    }
    values.resize(size_of(tensors[t].shape));
    for (const size_t p : pieces)
      std::ranges::copy(moments[p], values.begin() + pieces_[p].begin);
  });
  tensors.push_back(
      {"adamw.counts", {2}, {static_cast<float>(steps_), static_cast<float>(skipped_)}});
  return tensors;
}

std::vector<std::span<float>> Optimizer::moments(size_t which) {
  std::vector<std::vector<float>>& moments = which == 0 ? m_ : v_;
  return {moments.begin(), moments.end()};
}

Result<void> Optimizer::restore(const WeightSet& tensors) {
  TensorsByName by_name;
  for (const NamedTensor& tensor : tensors)
    by_name.emplace(tensor.name, &tensor);
  const auto counts = find(by_name, "adamw.counts", {2});
  if (!counts)
    return counts.error();
  std::vector<const NamedTensor*> moments;
  for (const auto& [name, shape, block] : parameters_) {
    for (const size_t which : {0, 1}) {
      const auto moment = find(by_name, moment_name(which, name), shape);
      if (!moment)
        return moment.error();
      moments.push_back(moment.value());
    }
  }
  for (size_t p = 0; p < pieces_.size(); ++p) {
    const auto& [tensor, begin, end] = pieces_[p];
    std::copy_n(moments[2 * tensor]->values.begin() + begin, end - begin, m_[p].begin());
    std::copy_n(moments[2 * tensor + 1]->values.begin() + begin, end - begin, v_[p].begin());
  }
  steps_ = static_cast<int64_t>(counts.value()->values[0]);
  skipped_ = static_cast<int64_t>(counts.value()->values[1]);
  return {};
}

}  // namespace nelumbo

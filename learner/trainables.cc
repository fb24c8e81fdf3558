// SPDX-License-Identifier: Apache-2.0
#include "learner/trainables.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <ATen/ops/zeros_like.h>

#include "base/check.h"
#include "model/adapter_names.h"

namespace nelumbo {
namespace {

constexpr const char* kTreatments = "trained.parts";
constexpr const char* kMaster = "master.";

std::span<float> values_of(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

std::vector<float> copy_of(const at::Tensor& tensor) {
  const auto values = values_of(tensor);
  return {values.begin(), values.end()};
}

using TensorsByName = std::map<std::string, const NamedTensor*>;

/// Looks for tensors of a checkpoint and keeps the first complaint.
class Finder {
 public:
  explicit Finder(const WeightSet& tensors) {
    for (const NamedTensor& tensor : tensors)
      by_name_.emplace(tensor.name, &tensor);
  }

  /// The tensor's values, or none with a complaint: there must be `size`, or any number.
  std::vector<float> values(const std::string& name, std::optional<size_t> size) {
    const auto at = by_name_.find(name);
    const bool found = at != by_name_.end();
    if (found && (!size || at->second->values.size() == *size))
      return at->second->values;
    if (complaint_.ok())
      complaint_ =
          Error{Errc::kBadData, "checkpoint: " + name +
                                    (found ? ": its shape is not that of the model in the config"
                                           : ": missing; take another checkpoint")};
    return {};
  }

  const Result<void>& complaint() const { return complaint_; }

 private:
  TensorsByName by_name_;
  Result<void> complaint_;
};

/// The adapter of a weight as a checkpoint has it; none with a complaint.
std::unique_ptr<Adapter> restored(Finder& finder, const ParameterInfo& info,
                                  const at::Tensor& weight) {
  auto adapter = std::make_unique<Adapter>();
  adapter->out = weight.size(0);
  adapter->in = weight.numel() / adapter->out;
  const std::vector<float> alpha = finder.values(kAdapterAlpha + info.name, 1);
  adapter->base = finder.values(kAdapterBase + info.name, static_cast<size_t>(weight.numel()));
  adapter->a = finder.values(factor_name(info.name, kFactorA), std::nullopt);
  adapter->rank = std::ssize(adapter->a) / adapter->in;
  adapter->b = finder.values(factor_name(info.name, kFactorB),
                             static_cast<size_t>(adapter->out * adapter->rank));
  if (!finder.complaint().ok())
    return nullptr;
  adapter->alpha = alpha[0];
  adapter->da.resize(adapter->a.size());
  adapter->db.resize(adapter->b.size());
  adapter->changed();
  return adapter;
}

}  // namespace

/// Without adapters yet.
void Trainables::treat(std::vector<Treatment> treatments) {
  NELUMBO_CHECK(treatments.empty() || treatments.size() == ops_.parameters().size())
      << "treatments of another network";
  treatments_ = std::move(treatments);
  for (size_t i = 0; i < ops_.parameters().size(); ++i) {
    TrainParameter& p = ops_.parameters()[i];
    p.adapter.reset();
    p.master.clear();
    p.value.mutable_grad() = at::Tensor();
    p.value.set_requires_grad(begun() && treatments_[i] != Treatment::kFrozen);
  }
}

void Trainables::begin(std::vector<Treatment> treatments, const AdapterConfig& adapter) {
  treat(std::move(treatments));
  const auto alpha = static_cast<float>(adapter.alpha);
  for (size_t i = 0; i < treatments_.size(); ++i) {
    TrainParameter& p = ops_.parameters()[i];
    if (treatments_[i] == Treatment::kAdapted)
      p.adapter = std::make_unique<Adapter>(
          make_adapter(copy_of(p.value), p.value.size(0), adapter.rank, alpha, seed_, i));
    if (treatments_[i] == Treatment::kTrained && type_ != StoredType::kF32)
      p.master = copy_of(p.value);
  }
}

void Trainables::end() {
  treat({});
}

std::vector<ParameterShape> Trainables::shapes() const {
  std::vector<ParameterShape> shapes;
  for (size_t i = 0; i < treatments_.size(); ++i) {
    const ParameterInfo& info = ops_.network().parameters[i];
    if (treatments_[i] == Treatment::kTrained)
      shapes.push_back({info.name, info.shape});
    if (const auto& adapter = ops_.parameters()[i].adapter) {
      shapes.push_back({factor_name(info.name, kFactorA), {adapter->rank, adapter->in}});
      shapes.push_back({factor_name(info.name, kFactorB), {adapter->out, adapter->rank}});
    }
  }
  return shapes;
}

void Trainables::zero_gradients() {
  for (TrainParameter& p : ops_.parameters()) {
    if (p.value.grad().defined())
      p.value.mutable_grad().zero_();
    if (!p.adapter)
      continue;
    std::ranges::fill(p.adapter->da, 0.0F);
    std::ranges::fill(p.adapter->db, 0.0F);
  }
}

std::vector<ParameterView> Trainables::views() {
  std::vector<ParameterView> views;
  for (size_t i = 0; i < treatments_.size(); ++i) {
    TrainParameter& p = ops_.parameters()[i];
    if (treatments_[i] == Treatment::kTrained) {
      if (!p.value.grad().defined())
        p.value.mutable_grad() = at::zeros_like(p.value);
      views.push_back(
          {p.master.empty() ? values_of(p.value) : std::span(p.master), values_of(p.value.grad())});
    }
    if (p.adapter) {
      views.push_back({p.adapter->a, p.adapter->da});
      views.push_back({p.adapter->b, p.adapter->db});
    }
  }
  return views;
}

void Trainables::changed() {
  for (size_t i = 0; i < treatments_.size(); ++i) {
    TrainParameter& p = ops_.parameters()[i];
    if (p.adapter) {
      p.adapter->changed();
      merge_low_rank(ops_.team(), p.adapter->change(), p.adapter->base.data(),
                     values_of(p.value).data());
    }
    std::ranges::copy(p.master, values_of(p.value).begin());
    if (p.adapter || !p.master.empty())
      round_to(type_, values_of(p.value));
    if (treatments_[i] != Treatment::kFrozen)
      ops_.repack(p);
  }
}

WeightSet Trainables::state() const {
  WeightSet state;
  std::vector<float> parts;
  for (const Treatment treatment : treatments_)
    parts.push_back(static_cast<float>(treatment));
  state.push_back({kTreatments, {std::ssize(parts)}, parts});
  for (size_t i = 0; i < treatments_.size(); ++i) {
    const ParameterInfo& info = ops_.network().parameters[i];
    const auto& [value, packed, transposed, adapter, master] = ops_.parameters()[i];
    if (!master.empty())
      state.push_back({kMaster + info.name, info.shape, master});
    if (!adapter)
      continue;
    state.push_back({kAdapterAlpha + info.name, {1}, {adapter->alpha}});
    state.push_back({kAdapterBase + info.name, info.shape, adapter->base});
    state.push_back({factor_name(info.name, kFactorA), {adapter->rank, adapter->in}, adapter->a});
    state.push_back({factor_name(info.name, kFactorB), {adapter->out, adapter->rank}, adapter->b});
  }
  return state;
}

Result<void> Trainables::restore(const WeightSet& tensors) {
  Finder finder(tensors);
  const std::vector<float> parts = finder.values(kTreatments, std::nullopt);
  if (!finder.complaint().ok())
    return finder.complaint();
  if (!parts.empty() && parts.size() != ops_.parameters().size())
    return Error{Errc::kBadData,
                 std::string("checkpoint: ") + kTreatments + ": is of another network"};
  std::vector<Treatment> treatments;
  treatments.reserve(parts.size());
  for (const float part : parts)
    treatments.push_back(static_cast<Treatment>(part));
  treat(std::move(treatments));
  for (size_t i = 0; i < treatments_.size() && finder.complaint().ok(); ++i) {
    const ParameterInfo& info = ops_.network().parameters[i];
    TrainParameter& p = ops_.parameters()[i];
    if (treatments_[i] == Treatment::kAdapted)
      p.adapter = restored(finder, info, p.value);
    if (treatments_[i] == Treatment::kTrained && type_ != StoredType::kF32)
      p.master = finder.values(kMaster + info.name, static_cast<size_t>(p.value.numel()));
  }
  return finder.complaint();
}

bool Trainables::owns(const std::string& name) {
  return name == kTreatments || name.starts_with(kMaster) || name.starts_with("adapter.") ||
         name.starts_with(kAdapterRoot);
}

}  // namespace nelumbo

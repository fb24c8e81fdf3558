// SPDX-License-Identifier: Apache-2.0
#include "learner/trainables.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <ATen/ops/zeros.h>

#include "base/check.h"
#include "model/adapter_names.h"

namespace nelumbo {
namespace {

constexpr const char* kTreatments = "trained.parts";
constexpr const char* kMaster = "master.";

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

  /// Null where there is none.
  const NamedTensor* find(const std::string& name) const {
    const auto at = by_name_.find(name);
    return at == by_name_.end() ? nullptr : at->second;
  }

  /// The tensor, or null with a complaint: there must be `size` values, or any number.
  const NamedTensor* expect(const std::string& name, std::optional<size_t> size) {
    const NamedTensor* found = find(name);
    if (found != nullptr && (!size || found->values.size() == *size))
      return found;
    if (complaint_.ok())
      complaint_ =
          Error{Errc::kBadData,
                "checkpoint: " + name +
                    (found != nullptr ? ": its shape is not that of the model in the config"
                                      : ": missing; take another checkpoint")};
    return nullptr;
  }
  std::vector<float> values(const std::string& name, std::optional<size_t> size) {
    const NamedTensor* found = expect(name, size);
    return found == nullptr ? std::vector<float>() : found->values;
  }

  const Result<void>& complaint() const { return complaint_; }

 private:
  TensorsByName by_name_;
  Result<void> complaint_;
};

/// The adapter of a weight as a checkpoint has it; none with a complaint.
std::unique_ptr<Adapter> restored(Finder& finder, const ParameterInfo& info) {
  auto adapter = std::make_unique<Adapter>();
  const size_t size = size_of(info.shape);
  adapter->out = info.shape[0];
  adapter->in = static_cast<int64_t>(size) / adapter->out;
  const std::vector<float> alpha = finder.values(kAdapterAlpha + info.name, 1);
  adapter->base = finder.values(kAdapterBase + info.name, size);
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
  trained_.clear();
  for (size_t i = 0; i < ops_.parameters().size(); ++i) {
    TrainParameter& p = ops_.parameters()[i];
    p.adapter.reset();
    if (!p.value.defined())
      continue;  // it lies on all ranks, who hold it
    p.master.clear();
    p.value.mutable_grad() = at::Tensor();
    p.value.set_requires_grad(!treatments_.empty() && treatments_[i] != Treatment::kFrozen);
  }
}

void Trainables::list_trained() {
  for (size_t i = 0; i < treatments_.size(); ++i) {
    if (treatments_[i] == Treatment::kTrained)
      trained_.push_back({i, Trained::kValue});
    if (ops_.parameters()[i].adapter)
      trained_.insert(trained_.end(), {{i, Trained::kFactorA}, {i, Trained::kFactorB}});
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
  }
  list_trained();
}

void Trainables::end() {
  treat({});
}

void Trainables::own(std::span<const Piece> pieces, const WeightSet& state) {
  if (type_ == StoredType::kF32)
    return;
  const Finder finder(state);
  for (const auto& [tensor, begin, end] : pieces) {
    const auto& [id, part] = trained_[tensor];
    TrainParameter& p = ops_.parameters()[id];
    if (part != Trained::kValue || !p.value.defined())
      continue;
    const NamedTensor* saved = finder.find(master_name(ops_.network().parameters[id].name));
    const std::span<const float> whole =
        saved != nullptr ? std::span<const float>(saved->values) : values_of(p.value);
    p.master.assign(whole.begin() + begin, whole.begin() + end);
    p.first = begin;
  }
}

std::vector<ParameterShape> Trainables::shapes() const {
  std::vector<ParameterShape> shapes;
  for (const auto& [id, part] : trained_) {
    const ParameterInfo& info = ops_.network().parameters[id];
    const auto& adapter = ops_.parameters()[id].adapter;
    switch (part) {
      case Trained::kValue:
        shapes.push_back({info.name, info.shape, blocks_[id]});
        break;
      case Trained::kFactorA:
        shapes.push_back(
            {factor_name(info.name, kFactorA), {adapter->rank, adapter->in}, blocks_[id]});
        break;
      case Trained::kFactorB:
        shapes.push_back(
            {factor_name(info.name, kFactorB), {adapter->out, adapter->rank}, blocks_[id]});
    }
  }
  return shapes;
}

void Trainables::zero_gradients() {
  for (TrainParameter& p : ops_.parameters()) {
    if (p.value.defined() && p.value.grad().defined())
      p.value.mutable_grad().zero_();
    if (!p.adapter)
      continue;
    std::ranges::fill(p.adapter->da, 0.0F);
    std::ranges::fill(p.adapter->db, 0.0F);
  }
}

std::span<float> Trainables::value(const Trained& trained) {
  TrainParameter& p = ops_.parameters()[trained.parameter];
  if (trained.part == Trained::kValue)
    return values_of(p.value);
  return trained.part == Trained::kFactorA ? p.adapter->a : p.adapter->b;
}

std::span<float> Trainables::gradient(const Trained& trained) {
  TrainParameter& p = ops_.parameters()[trained.parameter];
  if (trained.part != Trained::kValue)
    return trained.part == Trained::kFactorA ? p.adapter->da : p.adapter->db;
  if (!p.value.grad().defined())
    p.value.mutable_grad() = at::zeros(p.value.sizes());
  return values_of(p.value.grad());
}

std::vector<std::span<float>> Trainables::values() {
  std::vector<std::span<float>> all;
  for (const Trained& trained : trained_)
    all.push_back(value(trained));
  return all;
}

std::vector<std::span<float>> Trainables::gradients() {
  std::vector<std::span<float>> all;
  for (const Trained& trained : trained_)
    all.push_back(gradient(trained));
  return all;
}

std::vector<ParameterView> Trainables::views(std::span<const Piece> pieces) {
  std::vector<ParameterView> views;
  for (const auto& [tensor, begin, end] : pieces) {
    const Trained& trained = trained_[tensor];
    TrainParameter& p = ops_.parameters()[trained.parameter];
    const auto size = static_cast<size_t>(end - begin);
    const bool own = trained.part == Trained::kValue && !p.master.empty();
    ParameterView view;
    view.weights = own ? std::span(p.master).subspan(static_cast<size_t>(begin - p.first), size)
                       : value(trained).subspan(static_cast<size_t>(begin), size);
    view.gradient = trained.part == Trained::kValue && !p.value.defined()
                        ? std::span(p.gradient)
                        : gradient(trained).subspan(static_cast<size_t>(begin), size);
    views.push_back(view);
  }
  return views;
}

void Trainables::stepped() {
  for (const TrainParameter& p : ops_.parameters()) {
    if (p.master.empty())
      continue;
    const auto place = values_of(p.value).subspan(static_cast<size_t>(p.first), p.master.size());
    std::ranges::copy(p.master, place.begin());
    round_to(type_, place);
  }
}

void Trainables::changed() {
  for (size_t i = 0; i < treatments_.size(); ++i) {
    TrainParameter& p = ops_.parameters()[i];
    if (p.adapter) {
      p.adapter->changed();
      merge_low_rank(ops_.team(), p.adapter->change(), p.adapter->base.data(),
                     values_of(p.value).data());
      round_to(type_, values_of(p.value));
    }
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
    const TrainParameter& p = ops_.parameters()[i];
    if (treatments_[i] == Treatment::kTrained && type_ != StoredType::kF32) {
      state.push_back({master_name(info.name), info.shape, {}});
      state.back().values.resize(size_of(info.shape));
      std::ranges::copy(p.master, state.back().values.begin() + p.first);
    }
    if (!p.adapter)
      continue;
    const Adapter& adapter = *p.adapter;
    state.push_back({kAdapterAlpha + info.name, {1}, {adapter.alpha}});
    state.push_back({kAdapterBase + info.name, info.shape, adapter.base});
    state.push_back({factor_name(info.name, kFactorA), {adapter.rank, adapter.in}, adapter.a});
    state.push_back({factor_name(info.name, kFactorB), {adapter.out, adapter.rank}, adapter.b});
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
    if (treatments_[i] == Treatment::kAdapted)
      ops_.parameters()[i].adapter = restored(finder, info);
    if (treatments_[i] == Treatment::kTrained && type_ != StoredType::kF32)
      finder.expect(master_name(info.name), size_of(info.shape));
  }
  if (finder.complaint().ok())
    list_trained();
  return finder.complaint();
}

std::string Trainables::master_name(const std::string& parameter) {
  return kMaster + parameter;
}

bool Trainables::owns(const std::string& name) {
  return name == kTreatments || name.starts_with(kMaster) || name.starts_with("adapter.") ||
         name.starts_with(kAdapterRoot);
}

}  // namespace nelumbo

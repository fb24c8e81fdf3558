// SPDX-License-Identifier: Apache-2.0
#include "learner/unit_shards.h"

#include <algorithm>
#include <set>
#include <utility>

#include <ATen/ops/empty.h>

#include "model/stored_type.h"

namespace nelumbo {
namespace {

constexpr auto kBytes = static_cast<int64_t>(sizeof(float));

int64_t bytes_of(const at::Tensor& tensor) {
  return tensor.defined() ? static_cast<int64_t>(tensor.storage().nbytes()) : 0;
}

int64_t bytes_of(const TrainParameter& p) {
  return bytes_of(p.value) + (p.value.defined() ? bytes_of(p.value.grad()) : 0) +
         kBytes * (p.packed.panels.size() + p.transposed.panels.size());
}

}  // namespace

UnitShards::UnitShards(TrainOps& ops, std::vector<NetworkUnit> units, const LearnerRanks& ranks)
    : ops_(ops),
      units_(std::move(units)),
      ranks_(ranks),
      blocks_(first_units(ops.network(), units_)) {}

UnitShards::Cut UnitShards::cut_of(const std::vector<Treatment>& treatments) const {
  Cut cut;
  cut.pieces.resize(blocks_.size());
  cut.first_trained = std::ssize(units_);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    cut.trained.push_back(!treatments.empty() && treatments[i] == Treatment::kTrained);
    if (cut.trained.back())
      cut.first_trained = std::min(cut.first_trained, blocks_[i]);
  }
  for (const bool trained : {true, false}) {
    std::vector<ParameterShape> shapes;
    std::vector<size_t> ids;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      const ParameterInfo& info = ops_.network().parameters[i];
      if (cut.trained[i] != trained)
        continue;
      shapes.push_back({info.name, info.shape, blocks_[i]});
      ids.push_back(i);
    }
    const Half& half = cut.halves.emplace_back(shapes, std::move(ids), *ranks_.group);
    for (const Piece& piece : half.shards.sliced())
      cut.pieces[half.parameters[piece.tensor]] = piece;
  }
  return cut;
}

void UnitShards::keep(const Cut& cut, size_t id, std::span<const float> values) {
  TrainParameter& p = ops_.parameters()[id];
  const auto [tensor, begin, end] = cut.pieces[id].value_or(Piece());
  p.first = begin;
  p.master.assign(values.begin() + begin, values.begin() + end);
  p.gradient.assign(cut.trained[id] ? p.master.size() : 0, 0.0F);
}

void UnitShards::take(const std::vector<Treatment>& treatments, const Values& values) {
  cut_ = cut_of(treatments);
  gradients_.clear();
  for (size_t id = 0; id < blocks_.size(); ++id)
    keep(cut_, id, values(id));
}

Result<void> UnitShards::treat(const std::vector<Treatment>& treatments) {
  Cut cut = cut_of(treatments);
  auto done = each_whole([&](size_t id, std::span<const float> values) { keep(cut, id, values); });
  cut_ = std::move(cut);
  return done;
}

Result<void> UnitShards::each_whole(const Use& use) {
  const std::set<int64_t> blocks(blocks_.begin(), blocks_.end());
  for (const int64_t block : blocks) {
    if (auto done = gather(block); !done)
      return done;
    count();
    for (size_t id = 0; id < blocks_.size(); ++id) {
      if (blocks_[id] != block)
        continue;
      use(id, values_of(ops_.parameters()[id].value));
      drop(ops_.parameters()[id]);
    }
  }
  return {};
}

Shards::Parts UnitShards::parts_of(const Half& half, std::vector<float> TrainParameter::*what) {
  Shards::Parts parts;
  for (const Piece& piece : half.shards.sliced())
    parts.emplace_back(ops_.parameters()[half.parameters[piece.tensor]].*what);
  return parts;
}

Result<void> UnitShards::gather(int64_t block) {
  for (Half& half : cut_.halves) {
    Shards::Tensors whole(half.parameters.size());
    for (const size_t tensor : half.shards.tensors_of(block)) {
      const size_t id = half.parameters[tensor];
      at::Tensor& value = ops_.parameters()[id].value;
      value = at::empty(ops_.network().parameters[id].shape);
      whole[tensor] = values_of(value);
    }
    if (!half.shards.has_block(block))
      continue;
    if (auto done = half.shards.gather(block, parts_of(half, &TrainParameter::master), whole,
                                       ranks_.deadline());
        !done)
      return done;
  }
  return {};
}

void UnitShards::form(const UnitParameter& parameter, Pass pass) {
  const auto id = static_cast<size_t>(parameter.id);
  TrainParameter& p = ops_.parameters()[id];
  round_to(ops_.network().type, values_of(p.value));
  if (parameter.matrix) {
    const int64_t n = p.value.size(0);
    const int64_t k = p.value.numel() / n;
    pack(ops_.team(), p.value.const_data_ptr<float>(), n, k, p.packed);
    if (pass == Pass::kBackward)
      pack_transposed(ops_.team(), p.value.const_data_ptr<float>(), n, k, p.transposed);
    count();
    p.value = at::empty({1}).expand(p.value.sizes());  // a graph asks for its shape alone
  }
  if (pass == Pass::kForward || !cut_.trained[id])
    return;
  p.value.set_requires_grad(true);
  if (const auto held = gradients_.find(id); held != gradients_.end()) {
    p.value.mutable_grad() = held->second;
    gradients_.erase(held);
  }
}

Result<void> UnitShards::open(int64_t unit, Pass pass) {
  const NetworkUnit& opened = units_[static_cast<size_t>(unit)];
  std::set<int64_t> blocks;
  for (const UnitParameter& parameter : opened.parameters)
    blocks.insert(blocks_[static_cast<size_t>(parameter.id)]);
  for (const int64_t block : blocks)
    if (auto done = gather(block); !done)
      return done;
  for (const UnitParameter& parameter : opened.parameters)
    form(parameter, pass);
  count();
  return {};
}

Result<void> UnitShards::close(int64_t unit, Pass pass) {
  const auto& parameters = units_[static_cast<size_t>(unit)].parameters;
  count();
  Result<void> done;
  if (pass == Pass::kBackward) {
    for (const auto& [parameter, matrix] : parameters) {
      const auto id = static_cast<size_t>(parameter);
      if (const at::Tensor& gradient = ops_.parameters()[id].value.grad();
          blocks_[id] != unit && gradient.defined())
        gradients_[id] = gradient;
    }
    done = sum_gradients(unit);
  }
  for (const UnitParameter& parameter : parameters)
    drop(ops_.parameters()[static_cast<size_t>(parameter.id)]);
  return done;
}

Result<void> UnitShards::sum_gradients(int64_t block) {
  Half& half = cut_.halves.front();
  if (!half.shards.has_block(block))
    return {};
  Shards::Tensors whole(half.parameters.size());
  for (const size_t tensor : half.shards.tensors_of(block))
    whole[tensor] = values_of(ops_.parameters()[half.parameters[tensor]].value.grad());
  return half.shards.reduce(block, whole, parts_of(half, &TrainParameter::gradient),
                            ranks_.deadline());
}

void UnitShards::drop(TrainParameter& parameter) {
  parameter.value = at::Tensor();
  for (PackedMatrix* matrix : {&parameter.packed, &parameter.transposed}) {
    const Precision precision = matrix->precision;
    *matrix = PackedMatrix();
    matrix->precision = precision;
  }
}

void UnitShards::count() {
  int64_t bytes = 0;
  for (const TrainParameter& p : ops_.parameters())
    bytes += bytes_of(p);
  for (const auto& [id, gradient] : gradients_)
    bytes += bytes_of(gradient);
  peak_bytes_ = std::max(peak_bytes_, bytes);
}

int64_t UnitShards::largest_unit_bytes() const {
  int64_t largest = 0;
  for (const NetworkUnit& unit : units_) {
    int64_t bytes = 0;
    for (const UnitParameter& parameter : unit.parameters)
      bytes += kBytes * static_cast<int64_t>(size_of(
                            ops_.network().parameters[static_cast<size_t>(parameter.id)].shape));
    largest = std::max(largest, bytes);
  }
  return largest;
}

}  // namespace nelumbo

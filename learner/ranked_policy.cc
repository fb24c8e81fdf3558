// SPDX-License-Identifier: Apache-2.0
#include "learner/ranked_policy.h"

#include <iterator>
#include <unordered_map>
#include <utility>

#include <malloc.h>

#include "base/check.h"
#include "learner/network_units.h"
#include "learner/trained_parts.h"
#include "model/stored_type.h"

namespace nelumbo {
namespace {

using TensorsByName = std::unordered_map<std::string, NamedTensor*>;

TensorsByName by_name(WeightSet* tensors) {
  TensorsByName all;
  for (NamedTensor& tensor : *tensors)
    all.emplace(tensor.name, &tensor);
  return all;
}

std::span<float> values_of(const TensorsByName& tensors, const std::string& name) {
  const auto at = tensors.find(name);
  return at == tensors.end() ? std::span<float>() : std::span<float>(at->second->values);
}

void append(WeightSet part, WeightSet* all) {
  std::move(part.begin(), part.end(), std::back_inserter(*all));
}

}  // namespace

RankedPolicy::RankedPolicy(const Network& network, const WeightSet& weights, Team& team,
                           uint64_t seed, LearnerRanks ranks, std::optional<LinearSlot> score)
    : ranks_(std::move(ranks)),
      ops_(ranks_.full() ? TrainOps(network, team) : TrainOps(network, weights, team)),
      trained_(ops_, seed, first_units(network, network_units(network, score))) {
  if (ranks_.full()) {
    units_.emplace(ops_, network_units(network, score), ranks_);
    take(weights, {});
  }
  // Unit by unit, a table that is the head gathers as that first, from all batches.
  ops_.put_off_token_rows(ranks_.several() && !units_ && network.head == network.token_embedding);
}

Result<void> RankedPolicy::begin_step(const TrainingConfig& config) {
  if (units_)
    ::malloc_trim(0);  // weights and states were whole here for a moment; the allocator keeps them
  ops_.checkpoint_blocks(config.checkpoint_blocks);
  if (!trained_.begun()) {
    if (units_ && config.adapter.rank > 0)
      return Error{Errc::kInvalidConfig,
                   "adapter.rank: placement.sharding 'full' holds no adapters; take 'optimizer'"};
    auto wanted = treatments(ops_.network(), config);
    if (!wanted)
      return wanted.error();
    if (units_)
      if (auto done = units_->treat(wanted.value()); !done)
        return done;
    trained_.begin(std::move(wanted).value(), config.adapter);
    begin_shards({});
  }
  trained_.zero_gradients();
  return {};
}

void RankedPolicy::begin_shards(const WeightSet& state) {
  shards_.emplace(trained_.shapes(), *ranks_.group, ranks_.sharding);
  trained_.own(shards_->owned(), state);
  optimizer_ = Optimizer(trained_.shapes(), shards_->owned());
}

Result<void> RankedPolicy::each_batch(std::span<const PackedBatch> batches, const BatchWork& work) {
  if (units_)
    return layered_pass(ops_, *units_, batches, work);
  for (const PackedBatch& batch : batches)
    work(batch, forward_batch(ops_, batch));
  ops_.add_token_rows();
  return {};
}

Result<double> RankedPolicy::sum_gradients() {
  if (!units_)
    if (auto done = shards_->sum_gradients(trained_.gradients(), deadline()); !done)
      return done.error();
  return shards_->norm(ops_.team(), trained_.views(shards_->sliced()), deadline());
}

Result<void> RankedPolicy::step(const OptimizerConfig& config, double lr, double norm) {
  const bool stepped =
      optimizer_.step(ops_.team(), config, lr, norm, trained_.views(shards_->owned()));
  if (!stepped || units_)
    return {};
  trained_.stepped();
  if (auto done = shards_->complete(trained_.values(), deadline()); !done)
    return done;
  trained_.changed();
  return {};
}

Result<WeightSet> RankedPolicy::weights() {
  return units_ ? gathered_weights() : Result<WeightSet>(ops_.weights());
}

Result<WeightSet> RankedPolicy::gathered_weights() {
  WeightSet all(first() ? ops_.parameters().size() : 0);
  auto done = units_->each_whole([&](size_t id, std::span<const float> values) {
    if (!first())
      return;
    const ParameterInfo& info = ops_.network().parameters[id];
    all[id] = {info.name, info.shape, {values.begin(), values.end()}};
    round_to(ops_.network().type, all[id].values);
  });
  if (!done)
    return done.error();
  return all;
}

void RankedPolicy::take(const WeightSet& weights, const WeightSet& state) {
  NELUMBO_CHECK(weights.size() == ops_.parameters().size()) << "weights of another network";
  if (!units_)
    return ops_.take(weights);
  std::unordered_map<std::string, const NamedTensor*> masters;
  if (ops_.network().type != StoredType::kF32)
    for (const NamedTensor& tensor : state)
      masters.emplace(tensor.name, &tensor);
  units_->take(trained_.treatments(), [&](size_t id) -> std::span<const float> {
    const auto master = masters.find(Trainables::master_name(weights[id].name));
    return master == masters.end() ? weights[id].values : master->second->values;
  });
}

void RankedPolicy::restart(const WeightSet& weights) {
  trained_.end();
  take(weights, {});
  optimizer_ = Optimizer({});
  shards_.reset();
}

Result<WeightSet> RankedPolicy::state() {
  WeightSet all;
  if (units_ || first()) {
    auto weights = this->weights();
    if (!weights)
      return weights;
    all = std::move(weights).value();
  }
  if (first()) {
    append(trained_.state(), &all);
    append(optimizer_.state(ops_.team()), &all);
  }
  if (!shards_)
    return all;
  if (auto done = complete_masters(&all); !done)
    return done.error();
  if (auto done = complete_moments(&all); !done)
    return done.error();
  return all;
}

Result<void> RankedPolicy::complete_masters(WeightSet* all) {
  if (ops_.network().type == StoredType::kF32)
    return {};
  const TensorsByName named = by_name(all);
  Shards::Tensors whole;
  for (const ParameterShape& shape : trained_.shapes())
    whole.push_back(values_of(named, Trainables::master_name(shape.name)));
  Shards::Parts parts;
  for (const ParameterView& view : trained_.views(shards_->owned()))
    parts.push_back(view.weights);
  return shards_->complete(parts, whole, deadline());
}

Result<void> RankedPolicy::complete_moments(WeightSet* all) {
  const TensorsByName named = by_name(all);
  for (const size_t which : {size_t{0}, size_t{1}}) {
    Shards::Tensors whole;
    for (const ParameterShape& shape : trained_.shapes())
      whole.push_back(values_of(named, Optimizer::moment_name(which, shape.name)));
    if (auto done = shards_->complete(optimizer_.moments(which), whole, deadline()); !done)
      return done;
  }
  return {};
}

Result<void> RankedPolicy::restore(WeightSet weights, const WeightSet& state) {
  auto arranged = arrange_weights(ops_.network(), std::move(weights));
  if (!arranged)
    return arranged.error();
  if (auto done = trained_.restore(state); !done)
    return done;
  take(arranged.value(), state);
  begin_shards(state);
  return optimizer_.restore(state);
}

bool RankedPolicy::owns(const std::string& name) {
  return Trainables::owns(name) || Optimizer::owns(name);
}

}  // namespace nelumbo

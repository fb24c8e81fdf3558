// SPDX-License-Identifier: Apache-2.0
#include "learner/layered_pass.h"

#include <optional>
#include <utility>
#include <vector>

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "learner/network_units.h"

namespace nelumbo {
namespace {

using Pass = UnitShards::Pass;
using torch::autograd::AutoGradMode;

/// What each batch comes to between two units: hidden states, or on the way back their gradients.
using States = std::vector<at::Tensor>;

class LayeredPass {
 public:
  LayeredPass(TrainOps& ops, UnitShards& shards, std::span<const PackedBatch> batches,
              const BatchWork& work)
      : ops_(ops),
        shards_(shards),
        batches_(batches),
        work_(work),
        states_(batches.size()),
        given_(shards.units().size()) {}

  Result<void> run() {
    for (int64_t u = 0; u < end(); ++u)
      if (auto done = forward(u); !done)
        return done;
    if (auto done = turn(); !done)
      return done;
    for (int64_t u = end() - 1; u >= 0 && returns(u); --u)
      if (auto done = backward(u); !done)
        return done;
    return {};
  }

 private:
  int64_t end() const { return std::ssize(shards_.units()) - 1; }
  bool returns(int64_t unit) const { return remembering_ && shards_.has_gradients(unit); }
  bool passes(int64_t unit, const PackedBatch& batch) const {
    return !shards_.units()[static_cast<size_t>(unit)].of_pictures() || !batch.pixels.empty();
  }
  /// Whatever units before this one train needs the gradient of what it was given.
  at::Tensor leaf(const at::Tensor& given, int64_t unit) const {
    return given.defined() ? given.detach().set_requires_grad(returns(unit - 1)) : given;
  }
  at::Tensor output(int64_t unit, const PackedBatch& batch, const at::Tensor& given) {
    ops_.begin(batch);
    std::optional<at::Tensor> x;
    if (given.defined())
      x = given;
    return unit_output(ops_, shards_.units()[static_cast<size_t>(unit)], x,
                       std::span(batch.pixels));
  }

  Result<void> forward(int64_t unit) {
    const AutoGradMode forgetting(false);
    if (auto done = shards_.open(unit, Pass::kForward); !done)
      return done;
    if (returns(unit))
      given_[static_cast<size_t>(unit)] = states_;
    for (size_t b = 0; b < batches_.size(); ++b)
      if (passes(unit, batches_[b]))
        states_[b] = output(unit, batches_[b], states_[b]);
    return shards_.close(unit, Pass::kForward);
  }

  /// The last unit, where the way back begins.
  Result<void> turn() {
    const Pass pass = returns(end()) ? Pass::kBackward : Pass::kForward;
    if (auto done = shards_.open(end(), pass); !done)
      return done;
    for (size_t b = 0; b < batches_.size(); ++b) {
      ops_.begin(batches_[b]);
      const at::Tensor given = leaf(states_[b], end());
      work_(batches_[b], final_rows(ops_, given));
      states_[b] = given.grad();
    }
    return shards_.close(end(), pass);
  }

  Result<void> backward(int64_t unit) {
    if (auto done = shards_.open(unit, Pass::kBackward); !done)
      return done;
    States given = std::exchange(given_[static_cast<size_t>(unit)], {});
    for (size_t b = 0; b < batches_.size(); ++b) {
      if (!states_[b].defined() || !passes(unit, batches_[b]))
        continue;
      const at::Tensor x = leaf(std::exchange(given[b], {}), unit);
      const at::Tensor y = output(unit, batches_[b], x);
      if (y.requires_grad())
        torch::autograd::backward({y}, {states_[b]});
      states_[b] = x.defined() ? x.grad() : at::Tensor();
    }
    return shards_.close(unit, Pass::kBackward);
  }

  TrainOps& ops_;
  UnitShards& shards_;
  std::span<const PackedBatch> batches_;
  const BatchWork& work_;
  States states_;
  std::vector<States> given_;  ///< to each unit
  bool remembering_ = at::GradMode::is_enabled();
};

}  // namespace

Result<void> layered_pass(TrainOps& ops, UnitShards& shards, std::span<const PackedBatch> batches,
                          const BatchWork& work) {
  return LayeredPass(ops, shards, batches, work).run();
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include <ATen/core/Tensor.h>

#include "base/error.h"
#include "learner/packing.h"
#include "learner/train_ops.h"
#include "learner/unit_shards.h"

namespace nelumbo {

/// What is done with the final hidden states [S, hidden] of a batch: in training, with gradients.
using BatchWork = std::function<void(const PackedBatch& batch, const at::Tensor& hidden)>;

/// Passes all micro-batches of a step through one unit of the network after the other, forward and,
/// where gradients are remembered, back: each unit is gathered twice and its gradients are summed
/// once, however many micro-batches a rank has, none included (layered gradient accumulation:
/// Lamy-Poirier, 2021, arXiv:2106.02679). What a unit was given is kept, the rest is computed
/// again. A gradient gathers from batches in their order, as it does batch by batch.
Result<void> layered_pass(TrainOps& ops, UnitShards& shards, std::span<const PackedBatch> batches,
                          const BatchWork& work);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "kernels/kernels.h"
#include "kernels/team.h"
#include "learner/adapter.h"
#include "learner/packing.h"
#include "model/network.h"
#include "model/patch_rows.h"
#include "model/weights.h"

namespace nelumbo {

/// One parameter: a LibTorch leaf that gathers its gradient, and what the kernels read.
struct TrainParameter {
  at::Tensor value;                  ///< requires a gradient unless it is frozen
  PackedMatrix packed;               ///< matrices only
  PackedMatrix transposed;           ///< matrices only
  std::unique_ptr<Adapter> adapter;  ///< which gathers the gradient instead, where there is one
  /// What this rank steps on where that is not `value`, which is rounded or lies on all ranks:
  /// elements from `first` on, in fp32.
  std::vector<float> master;
  int64_t first = 0;
  std::vector<float> gradient;  ///< of `master` where `value` lies on all ranks
};

/// The parameter's values and gathered gradient in memory; empty where there is none.
std::span<float> values_of(const at::Tensor& tensor);

/// The network's ops on LibTorch tensors: each is an autograd function whose forward calls the same
/// kernels as EngineOps, so that both give the same bits, and whose backward calls the backward
/// kernels. Rows are those of one packed batch.
class TrainOps {
 public:
  using Tensor = at::Tensor;

  /// Parameters without values: who computes brings those that are used.
  TrainOps(const Network& network, Team& team);
  /// REQUIRES: weights in the network's order.
  TrainOps(const Network& network, const WeightSet& weights, Team& team);

  const Network& network() const { return network_; }
  Team& team() const { return team_; }
  std::vector<TrainParameter>& parameters() { return parameters_; }
  const TrainParameter& parameter(ParameterId id) const {
    return parameters_[static_cast<size_t>(id)];
  }
  /// Must follow each change of a parameter's value.
  void repack(TrainParameter& parameter) const;
  /// The same for all of them.
  void repack();
  /// A copy of the parameters' values, in the network's order, and back.
  WeightSet weights() const;
  void take(const WeightSet& weights);
  /// Whether backward passes compute the blocks of the decoder again: less memory, the same bits.
  void checkpoint_blocks(bool yes) { checkpoint_blocks_ = yes; }

  /// Backward passes leave out what the token embedding gathers from token rows, until
  /// `add_token_rows`: behind all batches of a step, in their order, which must live until then.
  /// So a table that is the head, too, gathers in the order in which it does unit by unit.
  void put_off_token_rows(bool yes) { put_off_ = yes; }
  void add_token_rows();
  /// What a backward pass has for the gradient of the token embedding.
  void take_token_rows(const Tensor& dy);

  /// The batch of the calls that follow, up to and including their backward pass.
  void begin(const PackedBatch& batch);
  const PackedBatch& batch() const { return *batch_; }
  /// The rows of the batch's pass over the vision tower.
  const PatchRows& patch_rows() const { return patch_rows_; }

  Tensor linear(const Tensor& x, const LinearSlot& slot);
  Tensor rms_norm(const Tensor& x, ParameterId weight, double eps);
  Tensor head_norm(const Tensor& x, ParameterId weight, int64_t heads, double eps);
  Tensor layer_norm(const Tensor& x, const LayerNormSlot& slot, double eps);
  Tensor gelu(const Tensor& x);
  Tensor exact_gelu(const Tensor& x);
  Tensor silu_mul(const Tensor& gate, const Tensor& up);
  Tensor add(const Tensor& a, const Tensor& b);
  Tensor patches(std::span<const Pixels> pictures);
  Tensor add_positions(const Tensor& x, ParameterId table);
  Tensor pixel_shuffle(const Tensor& x);
  Tensor picture_attention(const Tensor& q, const Tensor& k, const Tensor& v, Reach reach);
  Tensor third(const Tensor& x, int64_t i);
  Tensor picture_rope(const Tensor& x);
  Tensor join_patches(const Tensor& x);
  Tensor raster_order(const Tensor& x);
  Tensor rope(const Tensor& x, int64_t heads);
  Tensor attention(int64_t layer, const Tensor& q, const Tensor& k, const Tensor& v);
  /// [T, hidden]: token embeddings, and image features in the place of placeholders, unless the
  /// batch has no picture.
  Tensor embed(const std::optional<Tensor>& features);
  /// Hidden states behind the last block of the decoder.
  Tensor decoder(const Tensor& x);
  /// [S, hidden]: the batch's scored rows.
  Tensor scored_rows(const Tensor& x);
  /// {log-prob, entropy} of the batch's targets, [S] each.
  std::vector<Tensor> head(const Tensor& x, float inverse_temperature);
  /// The likeliest token of each row of final hidden states, the lowest id on ties. No gradient.
  std::vector<int32_t> likeliest(const Tensor& x);

 private:
  /// Whether a parameter of that block gets a gradient.
  bool trains(const DecoderLayer& layer) const;

  const Network& network_;
  Team& team_;
  std::vector<TrainParameter> parameters_;
  const PackedBatch* batch_ = nullptr;
  bool checkpoint_blocks_ = false;
  bool put_off_ = false;
  std::vector<std::pair<const PackedBatch*, Tensor>> token_rows_;  ///< that were put off
  PatchRows patch_rows_;
};

/// What a linear layer to one number says of final hidden states: [S].
at::Tensor scores_of(TrainOps& ops, const at::Tensor& hidden, const LinearSlot& score);

/// Final hidden states [S, hidden] of every target of the batch, from those behind the decoder.
at::Tensor final_rows(TrainOps& ops, const at::Tensor& hidden);

/// Final hidden states [S, hidden] of every target of `batch`: what `head` and `likeliest` take.
at::Tensor forward_batch(TrainOps& ops, const PackedBatch& batch);

}  // namespace nelumbo

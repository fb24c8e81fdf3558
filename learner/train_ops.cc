// SPDX-License-Identifier: Apache-2.0
#include "learner/train_ops.h"

#include <algorithm>

#include "base/check.h"
#include "learner/autograd_ops.h"
#include "learner/batch_ops.h"
#include "learner/block_op.h"
#include "model/forward.h"

namespace nelumbo {

std::span<float> values_of(const at::Tensor& tensor) {
  if (!tensor.defined())
    return {};
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

TrainOps::TrainOps(const Network& network, Team& team)
    : network_(network), team_(team), parameters_(network.parameters.size()) {
  for (TrainParameter& parameter : parameters_)
    parameter.packed.precision = parameter.transposed.precision = precision_of(network.type);
}

TrainOps::TrainOps(const Network& network, const WeightSet& weights, Team& team)
    : TrainOps(network, team) {
  NELUMBO_CHECK(weights.size() == parameters_.size()) << "weights of another network";
  for (size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].value = at::empty(weights[i].shape);
    std::ranges::copy(weights[i].values, autograd::data(parameters_[i].value));
    parameters_[i].value.set_requires_grad(true);
  }
  repack();
}

void TrainOps::begin(const PackedBatch& batch) {
  batch_ = &batch;
  patch_rows_ = {};
  if (!batch.pixels.empty())
    patch_rows_ = nelumbo::patch_rows(network_.config, std::span(batch.pixels));
}

void TrainOps::take_token_rows(const Tensor& dy) {
  if (put_off_)
    token_rows_.emplace_back(batch_, dy);
  else
    autograd::add_token_rows(*batch_, dy,
                             autograd::gradient_of(parameter(network_.token_embedding)));
}

void TrainOps::add_token_rows() {
  for (const auto& [batch, dy] : token_rows_)
    autograd::add_token_rows(*batch, dy,
                             autograd::gradient_of(parameter(network_.token_embedding)));
  token_rows_.clear();
}

void TrainOps::repack(TrainParameter& parameter) const {
  if (parameter.value.dim() < 2)
    return;
  const int64_t n = parameter.value.size(0);
  const int64_t k = parameter.value.numel() / n;
  pack(team_, autograd::data(parameter.value), n, k, parameter.packed);
  pack_transposed(team_, autograd::data(parameter.value), n, k, parameter.transposed);
}

void TrainOps::repack() {
  for (TrainParameter& parameter : parameters_)
    repack(parameter);
}

WeightSet TrainOps::weights() const {
  WeightSet copy;
  for (const ParameterInfo& info : network_.parameters)
    copy.push_back({info.name, info.shape, {}});
  team_.run(std::ssize(copy), [&](int64_t task) {
    const auto i = static_cast<size_t>(task);
    const float* values = autograd::data(parameters_[i].value);
    copy[i].values.assign(values, values + parameters_[i].value.numel());
  });
  return copy;
}

void TrainOps::take(const WeightSet& weights) {
  NELUMBO_CHECK(weights.size() == parameters_.size()) << "weights of another network";
  for (size_t i = 0; i < weights.size(); ++i)
    std::ranges::copy(weights[i].values, autograd::data(parameters_[i].value));
  repack();
}

TrainOps::Tensor TrainOps::linear(const Tensor& x, const LinearSlot& slot) {
  std::optional<Tensor> bias;
  if (slot.bias)
    bias = parameter(*slot.bias).value;
  return autograd::LinearOp::apply(x, parameter(slot.weight).value, bias, this,
                                   static_cast<int64_t>(slot.weight));
}

TrainOps::Tensor TrainOps::rms_norm(const Tensor& x, ParameterId weight, double eps) {
  return autograd::RmsNormOp::apply(x, parameter(weight).value, this, eps);
}

TrainOps::Tensor TrainOps::head_norm(const Tensor& x, ParameterId weight, int64_t heads,
                                     double eps) {
  return rms_norm(x.reshape({x.size(0) * heads, x.size(1) / heads}), weight, eps)
      .reshape({x.size(0), x.size(1)});
}

TrainOps::Tensor TrainOps::layer_norm(const Tensor& x, const LayerNormSlot& slot, double eps) {
  return autograd::LayerNormOp::apply(x, parameter(slot.weight).value, parameter(slot.bias).value,
                                      this, eps);
}

TrainOps::Tensor TrainOps::gelu(const Tensor& x) {
  return autograd::GeluOp::apply(x, this);
}

TrainOps::Tensor TrainOps::exact_gelu(const Tensor& x) {
  return autograd::ExactGeluOp::apply(x, this);
}

TrainOps::Tensor TrainOps::silu_mul(const Tensor& gate, const Tensor& up) {
  return autograd::SiluMulOp::apply(gate, up, this);
}

TrainOps::Tensor TrainOps::add(const Tensor& a, const Tensor& b) {
  return autograd::AddOp::apply(a, b, this);
}

TrainOps::Tensor TrainOps::patches(std::span<const Pixels> pictures) {
  const VisionConfig& c = network_.config.vision;
  Tensor rows = at::empty({std::ssize(patch_rows_.places), patch_size(c)});
  fill_patches(team_, c, patch_rows_, pictures, autograd::data(rows));
  return rows;
}

TrainOps::Tensor TrainOps::add_positions(const Tensor& x, ParameterId table) {
  return autograd::AddPositionsOp::apply(x, parameter(table).value, this);
}

TrainOps::Tensor TrainOps::pixel_shuffle(const Tensor& x) {
  return autograd::PixelShuffleOp::apply(x, this);
}

TrainOps::Tensor TrainOps::picture_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                             Reach reach) {
  using autograd::RowsOf;
  return autograd::AttentionOp::apply(
      q, k, v, this, reach == Reach::kPicture ? RowsOf::kPictures : RowsOf::kWindows);
}

TrainOps::Tensor TrainOps::third(const Tensor& x, int64_t i) {
  const int64_t width = x.size(1) / 3;
  return x.narrow(1, i * width, width).contiguous();
}

TrainOps::Tensor TrainOps::picture_rope(const Tensor& x) {
  return autograd::RopeOp::apply(x, this, autograd::RowsOf::kPictures);
}

TrainOps::Tensor TrainOps::join_patches(const Tensor& x) {
  const int64_t joined = network_.config.scale_factor * network_.config.scale_factor;
  return x.reshape({x.size(0) / joined, x.size(1) * joined});
}

TrainOps::Tensor TrainOps::raster_order(const Tensor& x) {
  Tensor order = at::empty({x.size(0)}, at::kLong);
  std::ranges::copy(patch_rows_.order, order.data_ptr<int64_t>());
  return x.index_select(0, order);
}

TrainOps::Tensor TrainOps::rope(const Tensor& x, int64_t /*heads*/) {
  return autograd::RopeOp::apply(x, this, autograd::RowsOf::kBatch);
}

TrainOps::Tensor TrainOps::attention(int64_t /*layer*/, const Tensor& q, const Tensor& k,
                                     const Tensor& v) {
  return autograd::AttentionOp::apply(q, k, v, this, autograd::RowsOf::kBatch);
}

TrainOps::Tensor TrainOps::embed(const std::optional<Tensor>& features) {
  return autograd::EmbedOp::apply(parameter(network_.token_embedding).value, features, this);
}

bool TrainOps::trains(const DecoderLayer& layer) const {
  const auto moves = [&](ParameterId id) { return parameter(id).value.requires_grad(); };
  for (const LinearSlot* slot :
       {&layer.q, &layer.k, &layer.v, &layer.o, &layer.gate, &layer.up, &layer.down})
    if (moves(slot->weight) || (slot->bias && moves(*slot->bias)))
      return true;
  return moves(layer.input_norm) || moves(layer.post_norm) ||
         (layer.q_norm && (moves(*layer.q_norm) || moves(*layer.k_norm)));
}

TrainOps::Tensor TrainOps::decoder(const Tensor& x) {
  if (!checkpoint_blocks_ || !at::GradMode::is_enabled())
    return decoder_hidden(*this, network_, x);
  const Tensor anchor = at::empty({0}).set_requires_grad(true);
  Tensor hidden = x;
  for (int64_t i = 0; i < std::ssize(network_.decoder); ++i) {
    const DecoderLayer& layer = network_.decoder[static_cast<size_t>(i)];
    hidden = hidden.requires_grad() || trains(layer)
                 ? autograd::BlockOp::apply(hidden, anchor, this, i)
                 : decoder_layer(*this, network_.config.decoder, layer, i, hidden);
  }
  return hidden;
}

TrainOps::Tensor TrainOps::scored_rows(const Tensor& x) {
  return autograd::ScoredRowsOp::apply(x, this);
}

std::vector<at::Tensor> TrainOps::head(const Tensor& x, float inverse_temperature) {
  return autograd::HeadOp::apply(x, parameter(network_.head).value, this,
                                 static_cast<double>(inverse_temperature));
}

std::vector<int32_t> TrainOps::likeliest(const Tensor& x) {
  const PackedMatrix& w = parameter(network_.head).packed;
  const Tensor logits = at::empty({x.size(0), w.n});
  nelumbo::linear(team_, autograd::data(x), x.size(0), w, nullptr, autograd::data(logits));
  std::vector<int32_t> tokens;
  for (int64_t row = 0; row < x.size(0); ++row) {
    const float* z = autograd::data(logits) + row * w.n;
    tokens.push_back(static_cast<int32_t>(std::max_element(z, z + w.n) - z));
  }
  return tokens;
}

at::Tensor scores_of(TrainOps& ops, const at::Tensor& hidden, const LinearSlot& score) {
  return ops.linear(hidden, score).reshape({hidden.size(0)});
}

at::Tensor final_rows(TrainOps& ops, const at::Tensor& hidden) {
  return final_hidden(ops, ops.network(), ops.scored_rows(hidden));
}

at::Tensor forward_batch(TrainOps& ops, const PackedBatch& batch) {
  ops.begin(batch);
  const Network& net = ops.network();
  std::optional<at::Tensor> features;
  if (!batch.pixels.empty())
    features = image_features(ops, net, std::span(batch.pixels));
  return final_rows(ops, ops.decoder(ops.embed(features)));
}

}  // namespace nelumbo

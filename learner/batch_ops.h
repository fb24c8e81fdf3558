// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <optional>

#include "learner/autograd_ops.h"

// The ops at both ends of the network, which read the batch: its tokens, its scored rows and its
// targets. For learner/train_ops.cc alone, as learner/autograd_ops.h is.

namespace nelumbo::autograd {

inline void copy_row(const float* from, int64_t source, float* to, int64_t row, int64_t width) {
  std::memcpy(to + row * width, from + source * width, sizeof(float) * static_cast<size_t>(width));
}

inline void add_row(const float* from, int64_t source, float* to, int64_t row, int64_t width) {
  for (int64_t i = 0; i < width; ++i)
    to[row * width + i] += from[source * width + i];
}

/// Adds the gradient of each row that is no image's to its token's.
inline void add_token_rows(const PackedBatch& batch, const Tensor& dy, float* dtable) {
  std::vector<uint8_t> is_image(batch.tokens.size(), 0);
  for (const auto row : batch.image_rows)
    is_image[static_cast<size_t>(row)] = 1;
  for (size_t t = 0; t < batch.tokens.size(); ++t)
    if (!is_image[t])
      add_row(data(dy), static_cast<int64_t>(t), dtable, batch.tokens[t], dy.size(1));
}

struct EmbedOp : Function<EmbedOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& table,
                        const std::optional<Tensor>& features, TrainOps* ops) {
    remember(ctx, ops);
    ctx->save_for_backward({table, features.value_or(Tensor())});
    const PackedBatch& batch = ops->batch();
    const int64_t width = table.size(1);
    Tensor y = at::empty({std::ssize(batch.tokens), width});
    for (int64_t t = 0; t < y.size(0); ++t)
      copy_row(data(table), batch.tokens[static_cast<size_t>(t)], data(y), t, width);
    for (size_t i = 0; i < batch.image_rows.size(); ++i)
      copy_row(data(*features), batch.image_sources[i], data(y), batch.image_rows[i], width);
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const PackedBatch& batch = ops_of(ctx).batch();
    const auto saved = ctx->get_saved_variables();
    const Tensor dy = contiguous(grads[0]);
    const int64_t width = dy.size(1);
    Tensor dfeatures;
    if (saved[1].defined() && saved[1].requires_grad()) {
      dfeatures = at::zeros_like(saved[1]);
      for (size_t i = 0; i < batch.image_rows.size(); ++i)
        add_row(data(dy), batch.image_rows[i], data(dfeatures), batch.image_sources[i], width);
    }
    if (saved[0].requires_grad())
      ops_of(ctx).take_token_rows(dy);
    return {Tensor(), dfeatures, Tensor()};
  }
};

struct ScoredRowsOp : Function<ScoredRowsOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, TrainOps* ops) {
    remember(ctx, ops, x.size(0));
    const auto& rows = ops->batch().rows;
    Tensor y = at::empty({std::ssize(rows), x.size(1)});
    for (size_t s = 0; s < rows.size(); ++s)
      copy_row(data(x), rows[s], data(y), static_cast<int64_t>(s), x.size(1));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto& rows = ops_of(ctx).batch().rows;
    const Tensor dy = contiguous(grads[0]);
    Tensor dx = at::zeros({number_of(ctx), dy.size(1)});
    for (size_t s = 0; s < rows.size(); ++s)
      add_row(data(dy), static_cast<int64_t>(s), data(dx), rows[s], dy.size(1));
    return {dx, Tensor()};
  }
};

struct HeadOp : Function<HeadOp> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x, const Tensor& w,
                               TrainOps* ops, double inverse_temperature) {
    remember(ctx, ops);
    ctx->saved_data["inverse_temperature"] = inverse_temperature;
    ctx->save_for_backward({x, w});
    Tensor logprob = at::empty({x.size(0)});
    Tensor entropy = at::empty({x.size(0)});
    nelumbo::head(ops->team(), data(x), x.size(0), ops->parameter(ops->network().head).packed,
                  ops->batch().targets.data(), static_cast<float>(inverse_temperature),
                  data(logprob), data(entropy));
    return {logprob, entropy};
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    TrainOps& ops = ops_of(ctx);
    const auto saved = ctx->get_saved_variables();
    const TrainParameter& p = ops.parameter(ops.network().head);
    const Tensor zero = at::zeros({saved[0].size(0)});
    const Tensor dlogprob = grads[0].defined() ? contiguous(grads[0]) : zero;
    const Tensor dentropy = grads[1].defined() ? contiguous(grads[1]) : zero;
    Tensor dx = at::empty_like(saved[0]);
    head_backward(ops.team(), data(saved[0]), saved[0].size(0), p.packed, p.transposed,
                  ops.batch().targets.data(),
                  static_cast<float>(ctx->saved_data["inverse_temperature"].toDouble()),
                  data(dlogprob), data(dentropy), data(dx),
                  saved[1].requires_grad() ? gradient_of(p) : nullptr);
    return {dx, Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace nelumbo::autograd

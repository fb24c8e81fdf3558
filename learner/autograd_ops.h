// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include "learner/train_ops.h"
#include "model/forward.h"

// What LibTorch's autograd is told of each op of TrainOps: the forward kernel, the backward kernel
// and what the second needs of the first. A pointer to the TrainOps travels in `saved_data`: the
// learner keeps it alive from a forward pass to the end of its backward pass. For
// learner/train_ops.cc alone: the header is slow to compile.

namespace nelumbo::autograd {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

inline float* data(const Tensor& t) {
  return t.data_ptr<float>();
}

inline Tensor contiguous(const Tensor& t) {
  return t.is_contiguous() ? t : t.contiguous();
}

inline void remember(AutogradContext* ctx, TrainOps* ops, int64_t number = 0) {
  ctx->saved_data["ops"] = reinterpret_cast<int64_t>(ops);
  ctx->saved_data["number"] = number;
}

inline TrainOps& ops_of(AutogradContext* ctx) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): saved_data holds no pointers
  return *reinterpret_cast<TrainOps*>(ctx->saved_data["ops"].toInt());
}

inline int64_t number_of(AutogradContext* ctx) {
  return ctx->saved_data["number"].toInt();
}

/// Where the gradient of a matrix gathers. Backward passes add to it in place: autograd would add
/// from a fresh tensor as large as the matrix.
inline float* gradient_of(const TrainParameter& parameter) {
  Tensor& gradient = parameter.value.mutable_grad();
  if (!gradient.defined())
    gradient = at::zeros(parameter.value.sizes());
  return data(gradient);
}

struct LinearOp : Function<LinearOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& w,
                        const std::optional<Tensor>& bias, TrainOps* ops, int64_t id) {
    remember(ctx, ops, id);
    ctx->save_for_backward({x, w, bias.value_or(Tensor())});
    const PackedMatrix& packed = ops->parameter(static_cast<ParameterId>(id)).packed;
    Tensor y = at::empty({x.size(0), packed.n});
    nelumbo::linear(ops->team(), data(x), x.size(0), packed, bias ? data(*bias) : nullptr, data(y));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    TrainOps& ops = ops_of(ctx);
    const auto saved = ctx->get_saved_variables();
    const Tensor dy = contiguous(grads[0]);
    const TrainParameter& p = ops.parameter(static_cast<ParameterId>(number_of(ctx)));
    Tensor dx;
    if (ctx->needs_input_grad(0)) {
      dx = at::empty_like(saved[0]);
      nelumbo::linear(ops.team(), data(dy), dy.size(0), p.transposed, nullptr, data(dx));
    }
    Tensor dbias;
    if (p.adapter)
      add_adapter_gradient(ops.team(), data(dy), data(saved[0]), dy.size(0), p.adapter.get());
    else
      dbias = weight_gradient(ops.team(), p, dy, saved);
    return {dx, Tensor(), dbias, Tensor(), Tensor()};
  }

 private:
  /// Gathers that of the weight and returns that of the bias, unless both are frozen.
  static Tensor weight_gradient(Team& team, const TrainParameter& p, const Tensor& dy,
                                const variable_list& saved) {
    const bool moves_bias = saved[2].defined() && saved[2].requires_grad();
    if (!p.value.requires_grad() && !moves_bias)
      return {};
    Tensor dbias = moves_bias ? at::zeros_like(saved[2]) : Tensor();
    const Tensor unused = p.value.requires_grad() ? Tensor() : at::zeros(p.value.sizes());
    linear_weight_gradient(team, data(dy), data(saved[0]), dy.size(0), p.packed.n, p.packed.k,
                           unused.defined() ? data(unused) : gradient_of(p),
                           moves_bias ? data(dbias) : nullptr, p.packed.precision);
    return dbias;
  }
};

struct RmsNormOp : Function<RmsNormOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& w, TrainOps* ops,
                        double eps) {
    remember(ctx, ops);
    ctx->saved_data["eps"] = eps;
    ctx->save_for_backward({x, w});
    Tensor y = at::empty_like(x);
    nelumbo::rms_norm(ops->team(), data(x), data(w), x.size(0), x.size(1), static_cast<float>(eps),
                      data(y));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor dy = contiguous(grads[0]);
    Tensor dx = at::empty_like(saved[0]);
    Tensor dw = at::zeros_like(saved[1]);
    rms_norm_backward(ops_of(ctx).team(), data(dy), data(saved[0]), data(saved[1]), dy.size(0),
                      dy.size(1), static_cast<float>(ctx->saved_data["eps"].toDouble()), data(dx),
                      data(dw));
    return {dx, dw, Tensor(), Tensor()};
  }
};

struct LayerNormOp : Function<LayerNormOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& w, const Tensor& b,
                        TrainOps* ops, double eps) {
    remember(ctx, ops);
    ctx->saved_data["eps"] = eps;
    ctx->save_for_backward({x, w, b});
    Tensor y = at::empty_like(x);
    nelumbo::layer_norm(ops->team(), data(x), data(w), data(b), x.size(0), x.size(1),
                        static_cast<float>(eps), data(y));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor dy = contiguous(grads[0]);
    Tensor dx = at::empty_like(saved[0]);
    Tensor dw = at::zeros_like(saved[1]);
    Tensor db = at::zeros_like(saved[2]);
    layer_norm_backward(ops_of(ctx).team(), data(dy), data(saved[0]), data(saved[1]), dy.size(0),
                        dy.size(1), static_cast<float>(ctx->saved_data["eps"].toDouble()), data(dx),
                        data(dw), data(db));
    return {dx, dw, db, Tensor(), Tensor()};
  }
};

/// y = f(x), element by element.
template <void (*kForward)(Team&, const float* x, int64_t size, float* y),
          void (*kBackward)(Team&, const float* dy, const float* x, int64_t size, float* dx)>
struct MapOp : Function<MapOp<kForward, kBackward>> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, TrainOps* ops) {
    remember(ctx, ops);
    ctx->save_for_backward({x});
    Tensor y = at::empty_like(x);
    kForward(ops->team(), data(x), x.numel(), data(y));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const Tensor x = ctx->get_saved_variables()[0];
    Tensor dx = at::empty_like(x);
    kBackward(ops_of(ctx).team(), data(contiguous(grads[0])), data(x), x.numel(), data(dx));
    return {dx, Tensor()};
  }
};

using GeluOp = MapOp<nelumbo::gelu, nelumbo::gelu_backward>;
using ExactGeluOp = MapOp<nelumbo::exact_gelu, nelumbo::exact_gelu_backward>;

struct SiluMulOp : Function<SiluMulOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& gate, const Tensor& up, TrainOps* ops) {
    remember(ctx, ops);
    ctx->save_for_backward({gate, up});
    Tensor y = at::empty_like(gate);
    nelumbo::silu_mul(ops->team(), data(gate), data(up), gate.numel(), data(y));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    Tensor dgate = at::empty_like(saved[0]);
    Tensor dup = at::empty_like(saved[1]);
    silu_mul_backward(ops_of(ctx).team(), data(contiguous(grads[0])), data(saved[0]),
                      data(saved[1]), saved[0].numel(), data(dgate), data(dup));
    return {dgate, dup, Tensor()};
  }
};

struct AddOp : Function<AddOp> {
  static Tensor forward(AutogradContext*, const Tensor& a, const Tensor& b, TrainOps* ops) {
    Tensor y = at::empty_like(a);
    nelumbo::add(ops->team(), data(a), data(b), a.numel(), data(y));
    return y;
  }

  static variable_list backward(AutogradContext*, variable_list grads) {
    return {grads[0], grads[0], Tensor()};
  }
};

struct AddPositionsOp : Function<AddPositionsOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& table, TrainOps* ops) {
    remember(ctx, ops);
    ctx->save_for_backward({table});
    Tensor y = at::empty_like(x);
    for (int64_t at = 0; at < x.numel(); at += table.numel())
      nelumbo::add(ops->team(), data(x) + at, data(table), table.numel(), data(y) + at);
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const Tensor table = ctx->get_saved_variables()[0];
    const Tensor dy = contiguous(grads[0]);
    if (!table.requires_grad())
      return {dy, Tensor(), Tensor()};
    Tensor dtable = at::zeros_like(table);
    for (int64_t at = 0; at < dy.numel(); at += table.numel())
      nelumbo::add(ops_of(ctx).team(), data(dtable), data(dy) + at, table.numel(), data(dtable));
    return {dy, dtable, Tensor()};
  }
};

struct PixelShuffleOp : Function<PixelShuffleOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, TrainOps* ops) {
    remember(ctx, ops, x.size(1));
    const ModelConfig& c = ops->network().config;
    const int64_t side = c.vision.side();
    const int64_t joined = c.scale_factor * c.scale_factor;
    Tensor y = at::empty({x.size(0) / joined, x.size(1) * joined});
    for (int64_t row = 0; row < x.size(0); row += side * side)
      nelumbo::pixel_shuffle(data(x) + row * x.size(1), side, x.size(1), c.scale_factor,
                             data(y) + row * x.size(1));
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const ModelConfig& c = ops_of(ctx).network().config;
    const int64_t side = c.vision.side();
    const int64_t k = number_of(ctx);
    const Tensor dy = contiguous(grads[0]);
    Tensor dx = at::empty({dy.numel() / k, k});
    for (int64_t row = 0; row < dx.size(0); row += side * side)
      pixel_unshuffle(data(dy) + row * k, side, k, c.scale_factor, data(dx) + row * k);
    return {dx, Tensor()};
  }
};

/// The rows that an op is about: tokens of the batch, or patches, as far as each may see.
enum class RowsOf : int64_t { kBatch, kPictures, kWindows };

struct RopeOp : Function<RopeOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, TrainOps* ops, RowsOf rows) {
    remember(ctx, ops, static_cast<int64_t>(rows));
    return rotated(x, *ops, rows, +1);
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto rows = static_cast<RowsOf>(number_of(ctx));
    return {rotated(contiguous(grads[0]), ops_of(ctx), rows, -1), Tensor(), Tensor()};
  }

 private:
  static Tensor rotated(const Tensor& x, TrainOps& ops, RowsOf rows, int direction) {
    const bool batch = rows == RowsOf::kBatch;
    const Rotary& rotary = batch ? ops.network().rotary : ops.network().windows->rotary;
    const auto& positions = batch ? ops.batch().positions : ops.patch_rows().positions;
    Tensor y = x.clone();
    nelumbo::rope(ops.team(), data(y), positions.data(), y.size(0),
                  y.size(1) / (2 * std::ssize(rotary.frequencies)), rotary, direction);
    return y;
  }
};

/// All attentions: of pictures and windows to themselves, and of the decoder along the batch's
/// segments.
struct AttentionOp : Function<AttentionOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& q, const Tensor& k, const Tensor& v,
                        TrainOps* ops, RowsOf rows) {
    remember(ctx, ops, static_cast<int64_t>(rows));
    const AttentionShape shape = shape_of(*ops, rows);
    Tensor out = at::zeros_like(q);
    Tensor lse = at::zeros({q.size(0), shape.heads});
    attention_packed(ops->team(), shape, data(q), data(k), data(v), segments_of(*ops, rows),
                     data(out), data(lse));
    ctx->save_for_backward({q, k, v, out, lse});
    return out;
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    TrainOps& ops = ops_of(ctx);
    const auto rows = static_cast<RowsOf>(number_of(ctx));
    const auto s = ctx->get_saved_variables();
    Tensor dq = at::zeros_like(s[0]);
    Tensor dk = at::zeros_like(s[1]);
    Tensor dv = at::zeros_like(s[2]);
    attention_packed_backward(ops.team(), shape_of(ops, rows), data(contiguous(grads[0])),
                              data(s[0]), data(s[1]), data(s[2]), data(s[3]), data(s[4]),
                              segments_of(ops, rows), data(dq), data(dk), data(dv));
    return {dq, dk, dv, Tensor(), Tensor()};
  }

 private:
  static AttentionShape shape_of(const TrainOps& ops, RowsOf rows) {
    return rows == RowsOf::kBatch ? decoder_attention_shape(ops.network())
                                  : vision_attention_shape(ops.network());
  }

  static std::span<const Segment> segments_of(const TrainOps& ops, RowsOf rows) {
    if (rows == RowsOf::kBatch)
      return ops.batch().segments;
    return ops.patch_rows().segments(rows == RowsOf::kPictures ? Reach::kPicture : Reach::kWindow);
  }
};

}  // namespace nelumbo::autograd

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "learner/autograd_ops.h"

// Checkpointed blocks of the decoder. For learner/train_ops.cc alone, as learner/autograd_ops.h is.

namespace nelumbo::autograd {

/// A block of the decoder that keeps its input alone and computes the rest again when its gradient
/// is asked for (Chen et al., 2016, arXiv:1604.06174). `anchor` requires a gradient, so that the
/// block is remembered also where its input needs none.
struct BlockOp : Function<BlockOp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Tensor& /*anchor*/,
                        TrainOps* ops, int64_t layer) {
    remember(ctx, ops, layer);
    ctx->save_for_backward({x});
    return block(*ops, layer, x);
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const torch::autograd::AutoGradMode remembering(true);
    const Tensor input = ctx->get_saved_variables()[0];
    const Tensor x = input.detach().set_requires_grad(input.requires_grad());
    const Tensor y = block(ops_of(ctx), number_of(ctx), x);
    torch::autograd::backward({y}, {contiguous(grads[0])});
    return {x.grad(), Tensor(), Tensor(), Tensor()};
  }

 private:
  static Tensor block(TrainOps& ops, int64_t layer, const Tensor& x) {
    const Network& net = ops.network();
    return decoder_layer(ops, net.config.decoder, net.decoder[static_cast<size_t>(layer)], layer,
                         x);
  }
};

}  // namespace nelumbo::autograd

// SPDX-License-Identifier: Apache-2.0
#include "bench/plain_decoder.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/grad_mode.h>
#include <torch/optim/adamw.h>

#include "base/check.h"

namespace nelumbo {
namespace {

using at::Tensor;

/// LibTorch's own threads while it lives.
class Threads {
 public:
  explicit Threads(int count) : before_(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

at::TensorOptions stored_as(Precision precision) {
  return at::device(at::kCPU).dtype(precision == Precision::kBfloat16 ? at::kBFloat16 : at::kFloat);
}

struct Layer {
  Tensor attention_norm, query, key, value, output, mlp_norm, gate, up, down;
};

class PlainDecoder {
 public:
  PlainDecoder(const ModelConfig& shape, Precision precision)
      : shape_(shape.decoder), options_(stored_as(precision)) {
    const int64_t width = shape_.hidden_size, keys = shape_.kv_heads * shape_.head_size(),
                  queries = shape_.heads * shape_.head_size(), inner = shape_.intermediate_size;
    embedding_ = matrix(shape_.vocab_size, width);
    for (int64_t i = 0; i < shape_.layers; ++i)
      layers_.push_back({vector(width), matrix(queries, width), matrix(keys, width),
                         matrix(keys, width), matrix(width, queries), vector(width),
                         matrix(inner, width), matrix(inner, width), matrix(width, inner)});
    last_norm_ = vector(width);
  }

  const std::vector<Tensor>& parameters() const { return parameters_; }

  /// The sum of -log p over the last `trained` tokens of each sequence of tokens_ST.
  Tensor loss(const Tensor& tokens_ST, int64_t trained) const {
    const int64_t length = tokens_ST.size(1);
    Tensor x = at::embedding(embedding_, tokens_ST);
    const auto [cos, sin] = rotary(length);
    for (const Layer& layer : layers_)
      x = block(layer, x, cos, sin);
    x = norm(x.slice(1, length - trained - 1, length - 1), last_norm_);
    const Tensor logprobs = at::log_softmax(at::linear(x, embedding_), -1, at::kFloat);
    return -logprobs.gather(-1, tokens_ST.slice(1, length - trained).unsqueeze(-1)).sum();
  }

 private:
  Tensor kept(Tensor t) {
    parameters_.push_back(t.set_requires_grad(true));
    return t;
  }
  Tensor matrix(int64_t rows, int64_t cols) {
    return kept((at::randn({rows, cols}) * 0.02).to(options_));
  }
  Tensor vector(int64_t size) { return kept(at::ones({size}, options_)); }

  Tensor norm(const Tensor& x, const Tensor& weight) const {
    return at::rms_norm(x, {shape_.hidden_size}, weight, 1e-5);
  }

  std::pair<Tensor, Tensor> rotary(int64_t length) const {
    const int64_t half = shape_.head_size() / 2;
    const Tensor angles =
        at::outer(at::arange(length, at::kFloat),
                  at::pow(shape_.rope_theta, -at::arange(half, at::kFloat) / double(half)));
    return {angles.cos().to(options_), angles.sin().to(options_)};
  }

  /// [S, T, heads * size] to [S, heads, T, size].
  Tensor heads_of(const Tensor& x, int64_t heads) const {
    return x.view({x.size(0), x.size(1), heads, shape_.head_size()}).transpose(1, 2);
  }

  Tensor rotated(const Tensor& x, const Tensor& cos, const Tensor& sin) const {
    const int64_t half = shape_.head_size() / 2;
    const Tensor a = x.slice(-1, 0, half), b = x.slice(-1, half);
    return at::cat({a * cos - b * sin, b * cos + a * sin}, -1);
  }

  Tensor block(const Layer& layer, const Tensor& x, const Tensor& cos, const Tensor& sin) const {
    const int64_t copies = shape_.heads / shape_.kv_heads;
    const Tensor in = norm(x, layer.attention_norm);
    const Tensor q = rotated(heads_of(at::linear(in, layer.query), shape_.heads), cos, sin);
    const Tensor k = rotated(heads_of(at::linear(in, layer.key), shape_.kv_heads), cos, sin);
    const Tensor v = heads_of(at::linear(in, layer.value), shape_.kv_heads);
    const Tensor read = at::scaled_dot_product_attention(
        q, k.repeat_interleave(copies, 1), v.repeat_interleave(copies, 1), {}, 0.0, true);
    const Tensor attended =
        x + at::linear(read.transpose(1, 2).reshape({x.size(0), x.size(1), -1}), layer.output);
    const Tensor wide = norm(attended, layer.mlp_norm);
    return attended +
           at::linear(at::silu(at::linear(wide, layer.gate)) * at::linear(wide, layer.up),
                      layer.down);
  }

  DecoderConfig shape_;
  at::TensorOptions options_;
  std::vector<Tensor> parameters_;
  std::vector<Layer> layers_;
  Tensor embedding_, last_norm_;
};

}  // namespace

extern "C" std::function<void()> nelumbo_torch_plain_step(const ModelConfig& shape,
                                                          Precision precision,
                                                          const PlainLoad& load, int threads) {
  NELUMBO_CHECK(load.trained < load.length) << "a token is trained that follows none";
  const auto own = std::make_shared<Threads>(threads);
  const PlainDecoder decoder(shape, precision);
  const auto optimizer =
      std::make_shared<torch::optim::AdamW>(decoder.parameters(), torch::optim::AdamWOptions(1e-5));
  const Tensor tokens = at::randint(shape.decoder.vocab_size, {load.sequences, load.length});
  const auto count = static_cast<double>(load.sequences * load.trained);
  return [own, decoder, optimizer, tokens, load, count] {
    optimizer->zero_grad();
    for (const Tensor& part : tokens.split(std::max<int64_t>(load.rows / load.length, 1)))
      (decoder.loss(part, load.trained) / count).backward();
    optimizer->step();
  };
}

extern "C" std::function<void()> nelumbo_torch_plain_logprobs(int64_t rows, int64_t width,
                                                              int64_t vocabulary,
                                                              Precision precision, int threads) {
  const auto own = std::make_shared<Threads>(threads);
  const auto options = stored_as(precision);
  const Tensor x = at::randn({rows, width}).to(options);
  const Tensor w = (at::randn({vocabulary, width}) * 0.02).to(options);
  const Tensor targets = at::randint(vocabulary, {rows, 1});
  return [own, x, w, targets, rows] {
    const torch::NoGradGuard no_gradients;
    const Tensor logprobs = at::log_softmax(at::linear(x, w), -1, at::kFloat);
    NELUMBO_CHECK(logprobs.gather(-1, targets).size(0) == rows) << "rows were lost";
  };
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// Hugging Face rotates value j of a head with value j + size / 2, GGUF's llama architecture with
// its neighbour, so that q and k come with their rows interleaved:
//     gguf row (head, j, half)  =  hf row (head, half, j)        j < size / 2
// qwen2 and qwen3 keep Hugging Face's order.
#include "model/gguf_parameters.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace nelumbo {
namespace {

using Shape = std::vector<int64_t>;

/// Collects the parameters of one layer.
class Layer {
 public:
  Layer(std::vector<GgufParameter>& to, int64_t index)
      : to_(to),
        gguf_("blk." + std::to_string(index) + "."),
        hf_("model.layers." + std::to_string(index) + ".") {}

  void add(const std::string& gguf, const std::string& hf, Shape shape, int64_t heads = 0) {
    to_.push_back({gguf_ + gguf, hf_ + hf, std::move(shape), heads});
  }

  /// A projection of `in` values to `out`.
  void project(const std::string& gguf, const std::string& hf, Shape out_in, bool bias,
               int64_t heads = 0) {
    add(gguf + ".weight", hf + ".weight", out_in, heads);
    if (bias)
      add(gguf + ".bias", hf + ".bias", {out_in[0]}, heads);
  }

 private:
  std::vector<GgufParameter>& to_;
  std::string gguf_, hf_;
};

void add_layer(std::vector<GgufParameter>& to, const GgufArchitecture& a, int64_t index) {
  const int64_t queries = a.heads * a.head_size;
  const int64_t keys = a.kv_heads * a.head_size;
  const bool bias = a.attention_bias || a.name == "qwen2";
  const bool interleaved = a.name == "llama";
  Layer layer(to, index);
  layer.add("attn_norm.weight", "input_layernorm.weight", {a.hidden_size});
  layer.project("attn_q", "self_attn.q_proj", {queries, a.hidden_size}, bias,
                interleaved ? a.heads : 0);
  layer.project("attn_k", "self_attn.k_proj", {keys, a.hidden_size}, bias,
                interleaved ? a.kv_heads : 0);
  layer.project("attn_v", "self_attn.v_proj", {keys, a.hidden_size}, bias);
  layer.project("attn_output", "self_attn.o_proj", {a.hidden_size, queries}, a.attention_bias);
  if (a.name == "qwen3") {
    layer.add("attn_q_norm.weight", "self_attn.q_norm.weight", {a.head_size});
    layer.add("attn_k_norm.weight", "self_attn.k_norm.weight", {a.head_size});
  }
  layer.add("ffn_norm.weight", "post_attention_layernorm.weight", {a.hidden_size});
  layer.project("ffn_gate", "mlp.gate_proj", {a.intermediate_size, a.hidden_size}, a.mlp_bias);
  layer.project("ffn_up", "mlp.up_proj", {a.intermediate_size, a.hidden_size}, a.mlp_bias);
  layer.project("ffn_down", "mlp.down_proj", {a.hidden_size, a.intermediate_size}, a.mlp_bias);
}

enum class Direction { kFromGguf, kToGguf };

std::vector<float> reordered(const std::vector<float>& values, int64_t rows, int64_t heads,
                             Direction direction) {
  NELUMBO_CHECK(heads > 0 && rows % (2 * heads) == 0 && std::ssize(values) % rows == 0)
      << rows << " rows of " << heads << " heads";
  const int64_t width = std::ssize(values) / rows;
  const int64_t size = rows / heads;
  std::vector<float> made(values.size());
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t head = row / size, half = row % size / (size / 2), j = row % (size / 2);
    const int64_t interleaved = head * size + 2 * j + half;
    const bool back = direction == Direction::kFromGguf;
    std::copy_n(values.begin() + (back ? interleaved : row) * width, width,
                made.begin() + (back ? row : interleaved) * width);
  }
  return made;
}

}  // namespace

std::vector<GgufParameter> gguf_parameters(const GgufArchitecture& architecture) {
  const int64_t hidden = architecture.hidden_size;
  const Shape embedding{architecture.vocab_size, hidden};
  std::vector<GgufParameter> parameters;
  parameters.push_back({"token_embd.weight", "model.embed_tokens.weight", embedding});
  for (int64_t layer = 0; layer < architecture.layers; ++layer)
    add_layer(parameters, architecture, layer);
  parameters.push_back({"output_norm.weight", "model.norm.weight", {hidden}});
  if (!architecture.tied)
    parameters.push_back({"output.weight", "lm_head.weight", embedding});
  return parameters;
}

std::vector<float> from_gguf_rows(const std::vector<float>& values, int64_t rows, int64_t heads) {
  return reordered(values, rows, heads, Direction::kFromGguf);
}

std::vector<float> to_gguf_rows(const std::vector<float>& values, int64_t rows, int64_t heads) {
  return reordered(values, rows, heads, Direction::kToGguf);
}

}  // namespace nelumbo

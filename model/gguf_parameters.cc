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
#include "model/gguf_config.h"

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
  void project(const std::string& gguf, const std::string& hf, Shape out_in, int64_t heads = 0) {
    add(gguf + ".weight", hf + ".weight", std::move(out_in), heads);
  }

  /// The bias of one.
  void shift(const std::string& gguf, const std::string& hf, int64_t out, int64_t heads) {
    add(gguf + ".bias", hf + ".bias", {out}, heads);
  }

 private:
  std::vector<GgufParameter>& to_;
  std::string gguf_, hf_;
};

/// Heads whose rows are interleaved, of queries and of keys.
struct Interleaved {
  int64_t queries = 0, keys = 0;
};

void add_attention(Layer& layer, const DecoderConfig& d, const Interleaved& heads) {
  const int64_t queries = d.heads * d.head_size();
  const int64_t keys = d.kv_heads * d.head_size();
  layer.project("attn_q", "self_attn.q_proj", {queries, d.hidden_size}, heads.queries);
  layer.project("attn_k", "self_attn.k_proj", {keys, d.hidden_size}, heads.keys);
  layer.project("attn_v", "self_attn.v_proj", {keys, d.hidden_size});
  layer.project("attn_output", "self_attn.o_proj", {d.hidden_size, queries});
  if (d.qkv_bias) {
    layer.shift("attn_q", "self_attn.q_proj", queries, heads.queries);
    layer.shift("attn_k", "self_attn.k_proj", keys, heads.keys);
    layer.shift("attn_v", "self_attn.v_proj", keys, 0);
  }
  if (d.qk_norm) {
    layer.add("attn_q_norm.weight", "self_attn.q_norm.weight", {d.head_size()});
    layer.add("attn_k_norm.weight", "self_attn.k_norm.weight", {d.head_size()});
  }
}

void add_layer(std::vector<GgufParameter>& to, const ModelConfig& config, int64_t index) {
  const DecoderConfig& d = config.decoder;
  const bool interleaved = gguf_architecture(config) == "llama";
  Layer layer(to, index);
  layer.add("attn_norm.weight", "input_layernorm.weight", {d.hidden_size});
  add_attention(layer, d, interleaved ? Interleaved{d.heads, d.kv_heads} : Interleaved{});
  layer.add("ffn_norm.weight", "post_attention_layernorm.weight", {d.hidden_size});
  layer.project("ffn_gate", "mlp.gate_proj", {d.intermediate_size, d.hidden_size});
  layer.project("ffn_up", "mlp.up_proj", {d.intermediate_size, d.hidden_size});
  layer.project("ffn_down", "mlp.down_proj", {d.hidden_size, d.intermediate_size});
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

std::vector<GgufParameter> gguf_parameters(const ModelConfig& config) {
  const int64_t hidden = config.decoder.hidden_size;
  const Shape embedding{config.decoder.vocab_size, hidden};
  std::vector<GgufParameter> parameters;
  parameters.push_back({"token_embd.weight", "model.embed_tokens.weight", embedding});
  for (int64_t layer = 0; layer < config.decoder.layers; ++layer)
    add_layer(parameters, config, layer);
  parameters.push_back({"output_norm.weight", "model.norm.weight", {hidden}});
  if (!config.decoder.tie_embeddings)
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

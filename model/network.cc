// SPDX-License-Identifier: Apache-2.0
#include "model/network.h"

#include <cmath>
#include <map>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "base/text.h"
#include "model/family.h"
#include "model/rotary.h"

namespace nelumbo {
namespace {

/// The tied embedding is also the head: a wider start would make the first logits too sure.
constexpr double kEmbeddingStd = 0.05;

void add_vision(ParameterBuilder& b, Network& net) {
  const VisionConfig& c = net.config.vision;
  const std::string root = "model.vision_model.";
  net.patch_embedding.weight = b.add(
      root + "embeddings.patch_embedding.weight", {c.hidden_size, 3, c.patch_size, c.patch_size}, 0,
      1 / std::sqrt(9.0 * static_cast<double>(c.patch_size * c.patch_size)));
  net.patch_embedding.bias = b.add(root + "embeddings.patch_embedding.bias", {c.hidden_size}, 0, 0);
  net.position_embedding = b.add(root + "embeddings.position_embedding.weight",
                                 {c.side() * c.side(), c.hidden_size}, 0, 0.02);
  const double gain = 1 / std::sqrt(2.0 * static_cast<double>(c.layers));
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string at = root + "encoder.layers." + std::to_string(i) + ".";
    VisionLayer layer;
    layer.norm1 = b.layer_norm(at + "layer_norm1", c.hidden_size);
    layer.q = b.linear_with_bias(at + "self_attn.q_proj", c.hidden_size, c.hidden_size);
    layer.k = b.linear_with_bias(at + "self_attn.k_proj", c.hidden_size, c.hidden_size);
    layer.v = b.linear_with_bias(at + "self_attn.v_proj", c.hidden_size, c.hidden_size);
    layer.out = b.linear_with_bias(at + "self_attn.out_proj", c.hidden_size, c.hidden_size, gain);
    layer.norm2 = b.layer_norm(at + "layer_norm2", c.hidden_size);
    layer.fc1 = b.linear_with_bias(at + "mlp.fc1", c.intermediate_size, c.hidden_size);
    layer.fc2 = b.linear_with_bias(at + "mlp.fc2", c.hidden_size, c.intermediate_size, gain);
    net.vision.push_back(layer);
  }
  net.vision_norm = b.layer_norm(root + "post_layernorm", c.hidden_size);
  const int64_t joined = net.config.scale_factor * net.config.scale_factor * c.hidden_size;
  net.connector =
      b.linear("model.connector.modality_projection.proj", net.config.decoder.hidden_size, joined);
}

LinearSlot projection(ParameterBuilder& b, const DecoderConfig& c, const std::string& name,
                      int64_t n) {
  return c.qkv_bias ? b.linear_with_bias(name, n, c.hidden_size) : b.linear(name, n, c.hidden_size);
}

void add_decoder(ParameterBuilder& b, Network& net, const std::string& root) {
  const DecoderConfig& c = net.config.decoder;
  net.token_embedding =
      b.add(root + "embed_tokens.weight", {c.vocab_size, c.hidden_size}, 0, kEmbeddingStd);
  const double gain = 1 / std::sqrt(2.0 * static_cast<double>(c.layers));
  const int64_t all = c.heads * c.head_size(), kv = c.kv_heads * c.head_size();
  for (int64_t i = 0; i < c.layers; ++i) {
    const std::string at = root + "layers." + std::to_string(i) + ".";
    DecoderLayer layer;
    layer.input_norm = b.ones(at + "input_layernorm.weight", c.hidden_size);
    layer.q = projection(b, c, at + "self_attn.q_proj", all);
    layer.k = projection(b, c, at + "self_attn.k_proj", kv);
    layer.v = projection(b, c, at + "self_attn.v_proj", kv);
    layer.o = b.linear(at + "self_attn.o_proj", c.hidden_size, all, gain);
    if (c.qk_norm) {
      layer.q_norm = b.ones(at + "self_attn.q_norm.weight", c.head_size());
      layer.k_norm = b.ones(at + "self_attn.k_norm.weight", c.head_size());
    }
    layer.post_norm = b.ones(at + "post_attention_layernorm.weight", c.hidden_size);
    layer.gate = b.linear(at + "mlp.gate_proj", c.intermediate_size, c.hidden_size);
    layer.up = b.linear(at + "mlp.up_proj", c.intermediate_size, c.hidden_size);
    layer.down = b.linear(at + "mlp.down_proj", c.hidden_size, c.intermediate_size, gain);
    net.decoder.push_back(layer);
  }
  net.final_norm = b.ones(root + "norm.weight", c.hidden_size);
  net.head = c.tie_embeddings
                 ? net.token_embedding
                 : b.add("lm_head.weight", {c.vocab_size, c.hidden_size}, 0, kEmbeddingStd);
}

Error wrong(const std::string& tensor, const std::string& why) {
  return {Errc::kBadData, "weights: tensor '" + shortened(tensor) + "' " + why};
}

Result<void> check_tensor(const ParameterInfo& info, const NamedTensor& tensor) {
  for (const float x : tensor.values)
    if (!std::isfinite(x))
      return wrong(info.name, "holds a value that is not finite");
  return {};
}

}  // namespace

Network make_network(const ModelConfig& config, StoredType type) {
  const Family* family = find_family(config.architecture);
  NELUMBO_CHECK(family != nullptr) << "no architecture is called " << config.architecture;
  Network net;
  net.config = config;
  net.type = type;
  net.rotary = decoder_rotary(config.decoder);
  ParameterBuilder builder(net.parameters);
  if (config.sees && config.vision.windows)
    net.windows = make_window_tower(builder, config);
  else if (config.sees)
    add_vision(builder, net);
  add_decoder(builder, net, family->decoder_root);
  return net;
}

Result<void> check_shapes(const Network& network, const std::vector<TensorShape>& tensors) {
  std::map<std::string, const std::vector<int64_t>*> by_name;
  for (const auto& [name, shape] : tensors)
    by_name[name] = &shape;
  for (const ParameterInfo& info : network.parameters) {
    const auto found = by_name.find(info.name);
    if (found == by_name.end())
      return wrong(info.name, "is missing");
    if (*found->second != info.shape)
      return wrong(info.name, "has another shape than config.json says");
    by_name.erase(found);
  }
  if (network.config.decoder.tie_embeddings)
    by_name.erase("lm_head.weight");
  // Older Llama checkpoints hold what follows from config.json.
  std::erase_if(by_name,
                [](const auto& one) { return one.first.ends_with(".rotary_emb.inv_freq"); });
  if (!by_name.empty())
    return wrong(by_name.begin()->first, "is unknown to this architecture");
  return {};
}

Result<WeightSet> arrange_weights(const Network& network, WeightSet weights) {
  std::vector<TensorShape> shapes;
  std::map<std::string, NamedTensor*> by_name;
  for (NamedTensor& tensor : weights) {
    shapes.emplace_back(tensor.name, tensor.shape);
    by_name[tensor.name] = &tensor;
  }
  if (auto fits = check_shapes(network, shapes); !fits)
    return fits.error();
  WeightSet arranged;
  for (const ParameterInfo& info : network.parameters) {
    NamedTensor& tensor = *by_name.at(info.name);
    if (auto fits = check_tensor(info, tensor); !fits)
      return fits.error();
    arranged.push_back(std::move(tensor));
  }
  return arranged;
}

WeightSet initial_weights(const Network& network, uint64_t seed) {
  WeightSet weights;
  for (const ParameterInfo& info : network.parameters) {
    int64_t size = 1;
    for (const int64_t n : info.shape)
      size *= n;
    NamedTensor tensor{info.name, info.shape, std::vector<float>(static_cast<size_t>(size))};
    Random random(seed, Purpose::kInit, weights.size());
    for (float& x : tensor.values)
      x = static_cast<float>(info.init_mean + info.init_std * random.normal());
    weights.push_back(std::move(tensor));
  }
  return weights;
}

}  // namespace nelumbo

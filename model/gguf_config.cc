// SPDX-License-Identifier: Apache-2.0
//
// config.json as transformers has it: the configuration classes of Llama, Qwen2 and Qwen3.
#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/checked_fields.h"
#include "model/gguf_architecture.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// Defaults of transformers.
constexpr int64_t kLlamaPositions = 2048;
constexpr int64_t kQwenPositions = 32768;
constexpr int64_t kQwenKeyHeads = 32;
constexpr int64_t kQwen3Head = 128;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

/// rope_theta and rope_scaling stand beside each other, or together in rope_parameters.
void parse_rope(CheckedFields& fields, GgufArchitecture& a) {
  const char* key = fields.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
  a.rope_theta = fields.positive("rope_theta", 10000);
  if (!fields.has(key))
    return;
  if (!fields.at(key).is_object())
    return fields.must(key, "be an object");
  json values = fields.at(key);
  if (!values.contains("rope_type"))
    values["rope_type"] = values.value("type", json("default"));
  CheckedFields rope(std::move(values), "");
  a.rope_theta = rope.positive("rope_theta", a.rope_theta);
  rope.only("partial_rotary_factor", {1.0, 1});
  const std::string type = rope.one_of("rope_type", {"default", "linear", "yarn", "llama3"});
  const double factor = rope.positive("factor", 1);
  const auto original = static_cast<double>(
      rope.whole("original_max_position_embeddings", kGgufMostPositions, a.positions));
  if (type == "linear")
    a.scaling = LinearScaling{factor};
  if (type == "yarn")
    a.scaling = YarnScaling{factor, original};
  if (type == "llama3")
    a.scaling = Llama3Scaling{factor, rope.positive("low_freq_factor", 1),
                              rope.positive("high_freq_factor", 4), original};
  rope.only("beta_fast", {32.0, 32});
  rope.only("beta_slow", {1.0, 1});
  for (const char* other : {"attention_factor", "mscale", "mscale_all_dim", "short_factor"})
    rope.only(other, {nullptr});
  if (rope.complaint())
    fields.complain(key, *rope.complaint());
}

void parse_switches(CheckedFields& fields, GgufArchitecture& a) {
  a.tied = fields.flag("tie_word_embeddings");
  a.attention_bias = a.name != "qwen2" && fields.flag("attention_bias");
  a.mlp_bias = a.name == "llama" && fields.flag("mlp_bias");
  fields.only("hidden_act", {"silu"});
  fields.only("use_sliding_window", {false});
  fields.only("quantization_config", {nullptr});
  a.begin_id = fields.id("bos_token_id", a.vocab_size);
  a.end_id = fields.id("eos_token_id", a.vocab_size);
  a.padding_id = fields.id("pad_token_id", a.vocab_size);
}

ordered_json scaling_json(const GgufArchitecture& a) {
  if (const auto* linear = std::get_if<LinearScaling>(&a.scaling))
    return {{"rope_type", "linear"}, {"factor", linear->factor}};
  if (const auto* yarn = std::get_if<YarnScaling>(&a.scaling))
    return {{"rope_type", "yarn"},
            {"factor", yarn->factor},
            {"original_max_position_embeddings", std::llround(yarn->original_positions)}};
  if (const auto* llama3 = std::get_if<Llama3Scaling>(&a.scaling))
    return {{"rope_type", "llama3"},
            {"factor", llama3->factor},
            {"low_freq_factor", llama3->low_freq_factor},
            {"high_freq_factor", llama3->high_freq_factor},
            {"original_max_position_embeddings", std::llround(llama3->original_positions)}};
  return nullptr;
}

ordered_json id_json(std::optional<int64_t> id) {
  return id ? ordered_json(*id) : ordered_json(nullptr);
}

const char* class_of(const std::string& name) {
  return name == "llama"   ? "LlamaForCausalLM"
         : name == "qwen2" ? "Qwen2ForCausalLM"
                           : "Qwen3ForCausalLM";
}

}  // namespace

Result<GgufArchitecture> parse_architecture(std::string_view config, const std::string& place) {
  const Result<json> document = parse_json(config, place);
  if (!document)
    return document.error();
  if (!document.value().is_object())
    return bad(place, "must be an object");
  CheckedFields fields(document.value(), "");
  GgufArchitecture a;
  a.name = fields.one_of("model_type", {"llama", "qwen2", "qwen3"});
  a.vocab_size = fields.whole("vocab_size", kGgufLargestVocabulary);
  a.positions = fields.whole("max_position_embeddings", kGgufMostPositions,
                             a.name == "llama" ? kLlamaPositions : kQwenPositions);
  a.hidden_size = fields.whole("hidden_size", kGgufWidest);
  a.intermediate_size = fields.whole("intermediate_size", kGgufWidest);
  a.layers = fields.whole("num_hidden_layers", kGgufMostLayers);
  a.heads = fields.whole("num_attention_heads", kGgufMostHeads);
  a.kv_heads = fields.whole("num_key_value_heads", kGgufMostHeads,
                            a.name == "llama" ? a.heads : kQwenKeyHeads);
  a.head_size =
      fields.whole("head_dim", kGgufWidest,
                   a.name == "qwen3" ? kQwen3Head : std::max<int64_t>(1, a.hidden_size / a.heads));
  a.rms_norm_eps = fields.positive("rms_norm_eps", 1e-6);
  parse_rope(fields, a);
  parse_switches(fields, a);
  if (const auto problem = a.problem_of_heads())
    fields.complain("num_attention_heads", *problem);
  if (fields.complaint())
    return bad(place, *fields.complaint());
  return a;
}

std::string config_json(const GgufArchitecture& a) {
  ordered_json config{{"architectures", {class_of(a.name)}},
                      {"model_type", a.name},
                      {"vocab_size", a.vocab_size},
                      {"hidden_size", a.hidden_size},
                      {"intermediate_size", a.intermediate_size},
                      {"num_hidden_layers", a.layers},
                      {"num_attention_heads", a.heads},
                      {"num_key_value_heads", a.kv_heads},
                      {"head_dim", a.head_size},
                      {"hidden_act", "silu"},
                      {"max_position_embeddings", a.positions},
                      {"rms_norm_eps", a.rms_norm_eps},
                      {"rope_theta", a.rope_theta},
                      {"rope_scaling", scaling_json(a)},
                      {"attention_bias", a.attention_bias},
                      {"mlp_bias", a.mlp_bias},
                      {"tie_word_embeddings", a.tied},
                      {"bos_token_id", id_json(a.begin_id)},
                      {"eos_token_id", id_json(a.end_id)},
                      {"pad_token_id", id_json(a.padding_id)},
                      {"torch_dtype", "float32"}};
  if (a.name != "llama") {
    config.erase("mlp_bias");
    config["use_sliding_window"] = false;
  }
  if (a.name == "qwen2")
    config.erase("attention_bias");
  return config.dump(2) + "\n";
}

}  // namespace nelumbo

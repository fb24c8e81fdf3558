// SPDX-License-Identifier: Apache-2.0
#include "model/decoder_config.h"

#include <optional>

#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

/// Plain positions, but along several axes: mrope_section says how many pairs follow each.
constexpr const char* kSeveralAxes = "mrope";

/// Null for plain positions. Earlier files say "type" for "rope_type".
std::optional<RopeScaling> rope_scaling_of(const ConfigSection& rope) {
  for (const char* key : {"type", "rope_type"})
    if (rope.at(key) != kSeveralAxes)
      rope.only(key, {"default", "linear", "llama3"});
  rope.only_value("partial_rotary_factor", 1.0);
  const std::string kind = rope.word("rope_type", rope.word("type", "default"));
  if (kind == "default" || kind == kSeveralAxes)
    return {};
  RopeScaling scaling;
  scaling.factor = rope.positive("factor");
  if (kind == "linear")
    return scaling;
  scaling.kind = RopeScaling::Kind::kLlama3;
  scaling.low = rope.positive("low_freq_factor");
  scaling.high = rope.positive("high_freq_factor");
  scaling.original_positions = rope.whole("original_max_position_embeddings", kMostPositions);
  if (scaling.low >= scaling.high)
    rope.complain("rope_scaling: low_freq_factor must be below high_freq_factor");
  return scaling;
}

void read_rope(const ConfigSection& section, DecoderConfig* config) {
  config->rope_theta = section.positive("rope_theta", 10000);
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (section.at(key).is_null())
      continue;
    const ConfigSection rope = section.section(key);
    config->rope_theta = rope.positive("rope_theta", config->rope_theta);
    config->rope_scaling = rope_scaling_of(rope);
    config->rope_sections = rope.wholes("mrope_section", 1, kWidest);
    if (config->rope_sections.empty() &&
        (rope.at("type") == kSeveralAxes || rope.at("rope_type") == kSeveralAxes))
      rope.complain(std::string(key) + ".mrope_section is missing");
  }
}

ordered_json rope_json(const DecoderConfig& config) {
  if (!config.rope_sections.empty())
    return {{"type", kSeveralAxes}, {"mrope_section", config.rope_sections}};
  if (!config.rope_scaling)
    return nullptr;
  const RopeScaling& scaling = *config.rope_scaling;
  if (scaling.kind == RopeScaling::Kind::kLinear)
    return {{"rope_type", "linear"}, {"factor", scaling.factor}};
  return {{"rope_type", "llama3"},
          {"factor", scaling.factor},
          {"low_freq_factor", scaling.low},
          {"high_freq_factor", scaling.high},
          {"original_max_position_embeddings", scaling.original_positions}};
}

}  // namespace

DecoderConfig read_decoder(const ConfigSection& section) {
  DecoderConfig config;
  section.only("hidden_act", {"silu"});
  section.only_value("mlp_bias", false);
  section.only_value("use_sliding_window", false);
  config.vocab_size = section.whole("vocab_size", kLargestVocabulary);
  config.hidden_size = section.whole("hidden_size", kWidest);
  config.intermediate_size = section.whole("intermediate_size", kWidest);
  config.layers = section.whole("num_hidden_layers", kMostLayers);
  config.heads = section.whole("num_attention_heads", kMostHeads);
  config.kv_heads = section.whole("num_key_value_heads", kMostHeads, config.heads);
  config.max_positions = section.whole("max_position_embeddings", kMostPositions, 2048);
  config.rms_norm_eps = section.positive("rms_norm_eps", 1e-6);
  read_rope(section, &config);
  if (!section.at("head_dim").is_null()) {
    const int64_t size = section.whole("head_dim", kWidest);
    if (size * config.heads != config.hidden_size)
      config.head_dim = size;
  }
  return config;
}

ordered_json token_json(const ControlToken& token) {
  return token.id ? ordered_json(*token.id) : ordered_json(nullptr);
}

ordered_json decoder_json(const DecoderConfig& config, const ControlTokens& tokens) {
  return {{"vocab_size", config.vocab_size},
          {"hidden_size", config.hidden_size},
          {"intermediate_size", config.intermediate_size},
          {"num_hidden_layers", config.layers},
          {"num_attention_heads", config.heads},
          {"num_key_value_heads", config.kv_heads},
          {"head_dim", config.head_size()},
          {"hidden_act", "silu"},
          {"max_position_embeddings", config.max_positions},
          {"rope_theta", config.rope_theta},
          {"rope_scaling", rope_json(config)},
          {"rms_norm_eps", config.rms_norm_eps},
          {"attention_dropout", 0.0},
          {"tie_word_embeddings", config.tie_embeddings},
          {"bos_token_id", token_json(tokens.begin)},
          {"eos_token_id", token_json(tokens.end)},
          {"pad_token_id", token_json(tokens.padding)}};
}

}  // namespace nelumbo

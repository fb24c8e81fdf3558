// SPDX-License-Identifier: Apache-2.0
//
// The keys are those of github.com/ggml-org/ggml, docs/gguf.md.
#include "model/gguf_config.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "model/config_section.h"
#include "model/decoder_config.h"
#include "model/family.h"
#include "model/gguf_rope.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr const char* kDivisors = "rope_freqs.weight";

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

std::string known_architectures() {
  std::string list;
  for (const Family* family : families())
    if (family->traits.in_gguf)
      list += (list.empty() ? "" : ", ") + std::string(family->model_types.front());
  return list;
}

/// A word from the file, which need not be UTF-8.
std::string quoted(const std::string& word) {
  return json(word.substr(0, 60)).dump(-1, ' ', true, json::error_handler_t::replace);
}

json json_of(const GgufValue& value) {
  if (const auto natural = value.as_natural())
    return static_cast<uint64_t>(*natural);
  if (const auto real = value.as_real())
    return *real;
  if (const auto flag = value.as_flag())
    return *flag;
  if (const auto text = value.as_text())
    return *text;
  return json::array();
}

/// The keys `group.rest` as an object; arrays only say that they are arrays.
json group_of(const GgufMetadata& metadata, const std::string& group) {
  json keys = json::object();
  for (const auto& [key, value] : metadata)
    if (key.starts_with(group + "."))
      keys[key.substr(group.size() + 1)] = json_of(value);
  return keys;
}

/// Keys that change what the network computes and that none of the architectures has.
void refuse_other_networks(const ConfigSection& keys) {
  for (const char* key :
       {"expert_count", "expert_used_count", "attention.sliding_window", "attention.max_alibi_bias",
        "attention.clamp_kqv", "attention.scale", "logit_scale", "embedding_scale",
        "residual_scale", "final_logit_softcapping", "attn_logit_softcapping"})
    keys.only_value(key, 0);
  keys.only_value("use_parallel_residual", false);
  keys.only_value("attention.causal", true);
  for (const char* key : {"rope.scaling.attn_factor", "rope.scaling.yarn_attn_factor"})
    keys.only_value(key, 1);
}

std::optional<RopeScaling> read_scaling(const ConfigSection& keys) {
  const double factor = keys.positive("rope.scaling.factor", keys.positive("rope.scale_linear", 1));
  const std::string kind = keys.word("rope.scaling.type", factor == 1 ? "none" : "linear");
  keys.only("rope.scaling.type", {"none", "linear"});
  if (kind != "linear")
    return std::nullopt;
  return RopeScaling{.kind = RopeScaling::Kind::kLinear, .factor = factor};
}

void read_heads(const ConfigSection& keys, DecoderConfig* config) {
  config->heads = keys.whole("attention.head_count", kMostHeads);
  config->kv_heads = keys.whole("attention.head_count_kv", kMostHeads, config->heads);
  const int64_t usual = std::max<int64_t>(1, config->hidden_size / config->heads);
  const int64_t size = keys.whole("attention.key_length", kWidest, usual);
  for (const char* key : {"attention.value_length", "rope.dimension_count"})
    if (keys.whole(key, kWidest, size) != size)
      keys.only_value(key, size);
  if (!keys.at("attention.key_length").is_null() && size * config->heads != config->hidden_size)
    config->head_dim = size;
}

DecoderConfig read_network(const ConfigSection& keys) {
  DecoderConfig config;
  config.max_positions = keys.whole("context_length", kMostPositions);
  config.hidden_size = keys.whole("embedding_length", kWidest);
  config.intermediate_size = keys.whole("feed_forward_length", kWidest);
  config.layers = keys.whole("block_count", kMostLayers);
  read_heads(keys, &config);
  config.rms_norm_eps = keys.positive("attention.layer_norm_rms_epsilon");
  config.rope_theta = keys.positive("rope.freq_base", 10000);
  config.rope_scaling = read_scaling(keys);
  refuse_other_networks(keys);
  return config;
}

/// What the tensors say: the vocabulary, and whether the embedding is tied.
void read_tensors(const ConfigSection& keys, const GgufFile& file, DecoderConfig* config) {
  const GgufTensor* embedding = file.tensor("token_embd.weight");
  const bool is_table = embedding != nullptr && embedding->shape.size() == 2 &&
                        embedding->shape[0] <= kLargestVocabulary;
  if (!is_table)
    keys.complain("there is no tensor \"token_embd.weight\" of 2 dimensions");
  config->vocab_size = is_table ? embedding->shape[0] : 1;
  if (keys.whole("vocab_size", kLargestVocabulary, config->vocab_size) != config->vocab_size)
    keys.only_value("vocab_size", config->vocab_size);
  config->tie_embeddings = file.tensor("output.weight") == nullptr;
  if (file.tensor(kDivisors) != nullptr && config->rope_scaling)
    keys.complain("rope.scaling.type must be none beside the tensor \"" + std::string(kDivisors) +
                  "\"");
}

/// `rope_freqs.weight` as the parameters it was made from.
Result<void> read_divisors(const GgufFile& file, DecoderConfig* config) {
  const GgufTensor* tensor = file.tensor(kDivisors);
  if (tensor == nullptr)
    return {};
  const std::string place = file.path() + ": tensor \"" + kDivisors + "\"";
  if (tensor->count != config->head_size() / 2)
    return bad(place, "has " + std::to_string(tensor->count) + " values, not " +
                          std::to_string(config->head_size() / 2));
  const Result<std::vector<float>> divisors = file.read(*tensor);
  if (!divisors)
    return divisors.error();
  const bool plain = std::all_of(divisors.value().begin(), divisors.value().end(),
                                 [](float divisor) { return divisor == 1; });
  if (plain)
    return {};
  config->rope_scaling =
      llama3_scaling(divisors.value(), config->rope_theta, config->max_positions);
  if (!config->rope_scaling)
    return bad(place, "is no scaling of the kind llama3");
  return {};
}

ControlTokens read_tokens(const ConfigSection& keys, int64_t tokens) {
  ControlTokens control;
  control.begin.id = keys.token("ggml.bos_token_id", tokens);
  control.end.id = keys.token("ggml.eos_token_id", tokens);
  control.padding.id = keys.token("ggml.padding_token_id", tokens);
  return control;
}

/// Null, and a complaint, where no family has the architecture.
const Family* read_family(const ConfigSection& general) {
  const std::string name = general.word("architecture", "");
  const Family* family = find_family_of_type(name);
  if (family != nullptr && family->traits.in_gguf)
    return family;
  general.complain("general.architecture " + quoted(name) +
                   " is not supported; supported: " + known_architectures());
  return nullptr;
}

GgufConfig config_of(const Family& family, const ConfigSection& groups, const GgufFile& file) {
  groups.section("general").only("type", {"model"});
  if (groups.section("split").whole("count", kMostLayers, 1) != 1)
    groups.complain("split.count: put the parts of the model into one file first");
  const ConfigSection keys = groups.section(family.model_types.front());
  GgufConfig config;
  config.model.decoder = read_network(keys);
  read_tensors(keys, file, &config.model.decoder);
  set_traits(family, &config.model);
  config.tokens = read_tokens(groups.section("tokenizer"), config.model.decoder.vocab_size);
  return config;
}

}  // namespace

Result<GgufConfig> read_gguf_config(const GgufFile& file) {
  json document;
  for (const char* group : {"general", "split", "tokenizer"})
    document[group] = group_of(file.metadata(), group);
  for (const Family* family : families())
    document[family->model_types.front()] = group_of(file.metadata(), family->model_types.front());
  std::optional<std::string> complaint;
  const ConfigSection groups(document, complaint);
  const Family* family = read_family(groups.section("general"));
  GgufConfig config = family == nullptr ? GgufConfig{} : config_of(*family, groups, file);
  if (complaint)
    return bad(file.path(), *complaint);
  if (const auto valid = config.model.validate(); !valid)
    return bad(file.path(), valid.error().message);
  if (const auto done = read_divisors(file, &config.model.decoder); !done)
    return done.error();
  return config;
}

Result<void> check_gguf_architecture(const ModelConfig& config, const std::string& place) {
  const Family* family = find_family(config.architecture);
  if (family != nullptr && family->traits.in_gguf)
    return {};
  return bad(place, config.architecture + " cannot be written as GGUF" +
                        (config.sees ? ", which has no place for what sees pictures" : "") +
                        "; supported: " + known_architectures());
}

std::string gguf_architecture(const ModelConfig& config) {
  const Family* family = find_family(config.architecture);
  NELUMBO_CHECK(family != nullptr && family->traits.in_gguf) << config.architecture;
  return family->model_types.front();
}

GgufMetadata gguf_config_metadata(const ModelConfig& config) {
  const std::string name = gguf_architecture(config);
  const DecoderConfig& decoder = config.decoder;
  GgufMetadata metadata{{"general.architecture", GgufValue::text(name)}};
  const auto natural = [&](const char* key, int64_t value) {
    metadata.emplace_back(name + "." + key, GgufValue::natural(static_cast<uint32_t>(value)));
  };
  const auto real = [&](const char* key, double value) {
    metadata.emplace_back(name + "." + key, GgufValue::real(static_cast<float>(value)));
  };
  natural("block_count", decoder.layers);
  natural("context_length", decoder.max_positions);
  natural("embedding_length", decoder.hidden_size);
  natural("feed_forward_length", decoder.intermediate_size);
  natural("attention.head_count", decoder.heads);
  natural("attention.head_count_kv", decoder.kv_heads);
  natural("attention.key_length", decoder.head_size());
  natural("attention.value_length", decoder.head_size());
  natural("rope.dimension_count", decoder.head_size());
  natural("vocab_size", decoder.vocab_size);
  real("attention.layer_norm_rms_epsilon", decoder.rms_norm_eps);
  real("rope.freq_base", decoder.rope_theta);
  if (decoder.rope_scaling && decoder.rope_scaling->kind == RopeScaling::Kind::kLinear) {
    metadata.emplace_back(name + ".rope.scaling.type", GgufValue::text("linear"));
    real("rope.scaling.factor", decoder.rope_scaling->factor);
  }
  return metadata;
}

}  // namespace nelumbo

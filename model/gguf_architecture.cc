// SPDX-License-Identifier: Apache-2.0
//
// Keys of GGUF: github.com/ggml-org/ggml, docs/gguf.md; of config.json: transformers, configuration
// classes of Llama, Qwen2 and Qwen3. Both are read as one flat table of fields.
#include "model/gguf_architecture.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int64_t kMostLayers = 1000;
constexpr int64_t kMostHeads = 1000;
constexpr int64_t kWidest = 1'000'000;
constexpr int64_t kLargestVocabulary = 10'000'000;
constexpr int64_t kMostPositions = 100'000'000;

// Defaults of transformers.
constexpr int64_t kLlamaPositions = 2048;
constexpr int64_t kQwenPositions = 32768;
constexpr int64_t kQwenKeyHeads = 32;
constexpr int64_t kQwen3Head = 128;

/// Named values, of which each is asked for once by what it must be. The first complaint counts.
class Fields {
 public:
  Fields(json values, std::string prefix) : values_(std::move(values)), prefix_(prefix) {}

  const std::optional<std::string>& complaint() const { return complaint_; }

  /// The value of `prefix` + key; null when it is not there.
  json at(const std::string& key) const { return values_.value(prefix_ + key, json()); }
  bool has(const std::string& key) const { return !at(key).is_null(); }

  int64_t whole(const std::string& key, int64_t most, std::optional<int64_t> otherwise = {}) {
    const json value = at(key);
    if (value.is_null() && otherwise)
      return *otherwise;
    if (value.is_number_unsigned() && value >= 1 && value <= static_cast<uint64_t>(most))
      return value;
    must(key, "be a whole number from 1 to " + std::to_string(most));
    return 1;
  }
  double positive(const std::string& key, double otherwise) {
    const json value = at(key);
    if (value.is_null())
      return otherwise;
    if (value.is_number() && std::isfinite(value.get<double>()) && value > 0)
      return value;
    must(key, "be a number > 0");
    return 1;
  }
  bool flag(const std::string& key) {
    const json value = at(key);
    if (!value.is_null() && !value.is_boolean())
      must(key, "be true or false");
    return value == true;
  }
  /// An id below `vocab_size`; of a list, its first.
  std::optional<int64_t> id(const std::string& key, int64_t vocab_size) {
    json value = at(key);
    if (value.is_array() && !value.empty())
      value = json(value[0]);
    if (value.is_null())
      return std::nullopt;
    if (value.is_number_unsigned() && value < static_cast<uint64_t>(vocab_size))
      return value.get<int64_t>();
    must(key, "be a token id below " + std::to_string(vocab_size));
    return std::nullopt;
  }
  std::string one_of(const std::string& key, std::initializer_list<const char*> words) {
    const json value = at(key);
    std::string list;
    for (const char* word : words) {
      if (value == word)
        return word;
      list += (list.empty() ? "" : ", ") + std::string(word);
    }
    must(key, "be one of " + list);
    return *words.begin();
  }
  /// Complains unless the field is missing or one of these.
  void only(const std::string& key, std::initializer_list<json> values) {
    const json value = at(key);
    if (!value.is_null() && std::find(values.begin(), values.end(), value) == values.end())
      must(key, "be " + values.begin()->dump() + ", as nothing else is supported");
  }
  void must(const std::string& key, const std::string& what) {
    const std::string shown = has(key) ? at(key).dump(-1, ' ', true, kReplace) : "missing";
    complain(key, "must " + what + ", not " + shown.substr(0, 60));
  }
  void complain(const std::string& key, const std::string& what) {
    if (!complaint_)
      complaint_ = prefix_ + key + ": " + what;
  }

 private:
  static constexpr auto kReplace = json::error_handler_t::replace;

  json values_;
  std::string prefix_;
  std::optional<std::string> complaint_;
};

/// Metadata as fields; arrays only say that they are arrays.
json table_of(const GgufMetadata& metadata) {
  json table = json::object();
  for (const auto& [key, value] : metadata) {
    if (const auto natural = value.as_natural())
      table[key] = static_cast<uint64_t>(*natural);
    else if (const auto real = value.as_real())
      table[key] = *real;
    else if (const auto flag = value.as_flag())
      table[key] = *flag;
    else if (const auto text = value.as_text())
      table[key] = *text;
    else
      table[key] = json::array();
  }
  return table;
}

/// What both formats must agree with themselves on.
void check_heads(Fields& fields, const GgufArchitecture& a, const char* heads_key) {
  if (a.heads % a.kv_heads != 0)
    fields.complain(heads_key, "its " + std::to_string(a.heads) + " heads cannot share " +
                                   std::to_string(a.kv_heads) + " key and value heads");
  if (a.head_size % 2 != 0)
    fields.complain(heads_key, "a head of " + std::to_string(a.head_size) +
                                   " values has no two halves to rotate");
}

/// Keys that change what the network computes and that none of the architectures has.
void refuse_other_networks(Fields& fields) {
  for (const char* key :
       {"expert_count", "expert_used_count", "attention.sliding_window", "attention.max_alibi_bias",
        "attention.clamp_kqv", "attention.scale", "logit_scale", "embedding_scale",
        "residual_scale", "final_logit_softcapping", "attn_logit_softcapping"})
    fields.only(key, {0, 0.0});
  fields.only("use_parallel_residual", {false});
  fields.only("attention.causal", {true});
}

void read_scaling(Fields& fields, GgufArchitecture& a, const GgufFile& file) {
  const double legacy = fields.positive("rope.scale_linear", 1);
  const double factor = fields.positive("rope.scaling.factor", legacy);
  const std::string type = fields.has("rope.scaling.type")
                               ? fields.one_of("rope.scaling.type", {"none", "linear", "yarn"})
                           : factor != 1 ? "linear"
                                         : "none";
  fields.only("rope.scaling.attn_factor", {1.0, 1});
  fields.only("rope.scaling.yarn_attn_factor", {1.0, 1});
  fields.only("rope.scaling.yarn_log_multiplier", {0.0, 0});
  fields.only("rope.scaling.yarn_beta_fast", {32.0, 32});
  fields.only("rope.scaling.yarn_beta_slow", {1.0, 1});
  if (type == "linear")
    a.scaling = LinearScaling{factor};
  if (type == "yarn")
    a.scaling =
        YarnScaling{factor, static_cast<double>(fields.whole("rope.scaling.original_context_length",
                                                             kMostPositions, a.positions))};
  if (file.tensor("rope_freqs.weight") != nullptr && type != "none")
    fields.complain("rope.scaling.type", "must be none beside rope_freqs.weight");
}

/// `rope_freqs.weight` as the parameters it was made from.
Result<void> read_divisors(const GgufFile& file, GgufArchitecture& a) {
  const GgufTensor* tensor = file.tensor("rope_freqs.weight");
  if (tensor == nullptr)
    return {};
  const std::string place = file.path() + ": tensor \"rope_freqs.weight\"";
  if (tensor->count != a.head_size / 2)
    return Error{Errc::kBadData, place + ": has " + std::to_string(tensor->count) +
                                     " values, not " + std::to_string(a.head_size / 2)};
  const Result<std::vector<float>> divisors = file.read(*tensor);
  if (!divisors)
    return divisors.error();
  const bool plain = std::all_of(divisors.value().begin(), divisors.value().end(),
                                 [](float divisor) { return divisor == 1; });
  if (plain)
    return {};
  const auto scaling =
      llama3_scaling(divisors.value(), a.rope_theta, static_cast<double>(a.positions));
  if (!scaling)
    return Error{Errc::kBadData, place + ": is no scaling of the kind llama3"};
  a.scaling = *scaling;
  return {};
}

void read_sizes(Fields& fields, GgufArchitecture& a) {
  a.positions = fields.whole("context_length", kMostPositions);
  a.hidden_size = fields.whole("embedding_length", kWidest);
  a.intermediate_size = fields.whole("feed_forward_length", kWidest);
  a.layers = fields.whole("block_count", kMostLayers);
  a.heads = fields.whole("attention.head_count", kMostHeads);
  a.kv_heads = fields.whole("attention.head_count_kv", kMostHeads, a.heads);
  if (!fields.has("attention.key_length") && a.hidden_size % a.heads != 0)
    fields.must("attention.head_count", "divide embedding_length");
  a.head_size =
      fields.whole("attention.key_length", kWidest, std::max<int64_t>(1, a.hidden_size / a.heads));
  for (const char* key : {"attention.value_length", "rope.dimension_count"})
    if (fields.whole(key, kWidest, a.head_size) != a.head_size)
      fields.must(key, "be the size of a head, " + std::to_string(a.head_size));
  if (!fields.has("attention.layer_norm_rms_epsilon"))
    fields.must("attention.layer_norm_rms_epsilon", "be a number > 0");
  a.rms_norm_eps = fields.positive("attention.layer_norm_rms_epsilon", 1e-6);
  a.rope_theta = fields.positive("rope.freq_base", 10000);
  check_heads(fields, a, "attention.head_count");
}

/// What the tensors say: vocabulary, tied embeddings, biases.
void read_tensors(Fields& fields, GgufArchitecture& a, const GgufFile& file) {
  const GgufTensor* embedding = file.tensor("token_embd.weight");
  const bool is_table = embedding != nullptr && embedding->shape.size() == 2 &&
                        embedding->shape[0] <= kLargestVocabulary;
  if (!is_table)
    fields.complain("block_count", "there is no tensor \"token_embd.weight\" of 2 dimensions");
  a.vocab_size = is_table ? embedding->shape[0] : 1;
  if (fields.whole("vocab_size", kLargestVocabulary, a.vocab_size) != a.vocab_size)
    fields.must("vocab_size", "be the rows of token_embd.weight, " + std::to_string(a.vocab_size));
  a.tied = file.tensor("output.weight") == nullptr;
  a.attention_bias = a.name != "qwen2" && file.tensor("blk.0.attn_q.bias") != nullptr;
  a.mlp_bias = a.name == "llama" && file.tensor("blk.0.ffn_gate.bias") != nullptr;
}

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

/// rope_theta and rope_scaling stand beside each other, or together in rope_parameters.
void parse_rope(Fields& fields, GgufArchitecture& a) {
  const char* key = fields.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
  a.rope_theta = fields.positive("rope_theta", 10000);
  if (!fields.has(key))
    return;
  if (!fields.at(key).is_object())
    return fields.must(key, "be an object");
  json values = fields.at(key);
  if (!values.contains("rope_type"))
    values["rope_type"] = values.value("type", json("default"));
  Fields rope(std::move(values), "");
  a.rope_theta = rope.positive("rope_theta", a.rope_theta);
  rope.only("partial_rotary_factor", {1.0, 1});
  const std::string type = rope.one_of("rope_type", {"default", "linear", "yarn", "llama3"});
  const double factor = rope.positive("factor", 1);
  const auto original = static_cast<double>(
      rope.whole("original_max_position_embeddings", kMostPositions, a.positions));
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
    fields.complain(std::string(key) + "." + *rope.complaint(), "see above");
}

void parse_switches(Fields& fields, GgufArchitecture& a) {
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

Result<GgufArchitecture> read_architecture(const GgufFile& file) {
  const json table = table_of(file.metadata());
  Fields general(table, "");
  GgufArchitecture a;
  a.name = general.one_of("general.architecture", {"llama", "qwen2", "qwen3"});
  if (general.complaint())
    return bad(file.path(), *general.complaint());
  Fields fields(table, a.name + ".");
  read_sizes(fields, a);
  read_tensors(fields, a, file);
  read_scaling(fields, a, file);
  refuse_other_networks(fields);
  if (fields.complaint())
    return bad(file.path(), *fields.complaint());
  a.begin_id = general.id("tokenizer.ggml.bos_token_id", a.vocab_size);
  a.end_id = general.id("tokenizer.ggml.eos_token_id", a.vocab_size);
  a.padding_id = general.id("tokenizer.ggml.padding_token_id", a.vocab_size);
  if (general.complaint())
    return bad(file.path(), *general.complaint());
  if (const auto done = read_divisors(file, a); !done)
    return done.error();
  return a;
}

Result<GgufArchitecture> parse_architecture(std::string_view config, const std::string& place) {
  const Result<json> document = parse_json(config, place);
  if (!document)
    return document.error();
  if (!document.value().is_object())
    return bad(place, "must be an object");
  Fields fields(document.value(), "");
  GgufArchitecture a;
  a.name = fields.one_of("model_type", {"llama", "qwen2", "qwen3"});
  a.vocab_size = fields.whole("vocab_size", kLargestVocabulary);
  a.positions = fields.whole("max_position_embeddings", kMostPositions,
                             a.name == "llama" ? kLlamaPositions : kQwenPositions);
  a.hidden_size = fields.whole("hidden_size", kWidest);
  a.intermediate_size = fields.whole("intermediate_size", kWidest);
  a.layers = fields.whole("num_hidden_layers", kMostLayers);
  a.heads = fields.whole("num_attention_heads", kMostHeads);
  a.kv_heads =
      fields.whole("num_key_value_heads", kMostHeads, a.name == "llama" ? a.heads : kQwenKeyHeads);
  a.head_size =
      fields.whole("head_dim", kWidest,
                   a.name == "qwen3" ? kQwen3Head : std::max<int64_t>(1, a.hidden_size / a.heads));
  a.rms_norm_eps = fields.positive("rms_norm_eps", 1e-6);
  parse_rope(fields, a);
  parse_switches(fields, a);
  check_heads(fields, a, "num_attention_heads");
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

GgufMetadata architecture_metadata(const GgufArchitecture& a) {
  GgufMetadata metadata{{"general.architecture", GgufValue::text(a.name)}};
  const auto natural = [&](const char* key, int64_t value) {
    metadata.emplace_back(a.name + "." + key, GgufValue::natural(static_cast<uint32_t>(value)));
  };
  const auto real = [&](const char* key, double value) {
    metadata.emplace_back(a.name + "." + key, GgufValue::real(static_cast<float>(value)));
  };
  natural("block_count", a.layers);
  natural("context_length", a.positions);
  natural("embedding_length", a.hidden_size);
  natural("feed_forward_length", a.intermediate_size);
  natural("attention.head_count", a.heads);
  natural("attention.head_count_kv", a.kv_heads);
  natural("attention.key_length", a.head_size);
  natural("attention.value_length", a.head_size);
  natural("rope.dimension_count", a.head_size);
  natural("vocab_size", a.vocab_size);
  real("attention.layer_norm_rms_epsilon", a.rms_norm_eps);
  real("rope.freq_base", a.rope_theta);
  if (const auto* linear = std::get_if<LinearScaling>(&a.scaling)) {
    metadata.emplace_back(a.name + ".rope.scaling.type", GgufValue::text("linear"));
    real("rope.scaling.factor", linear->factor);
  }
  if (const auto* yarn = std::get_if<YarnScaling>(&a.scaling)) {
    metadata.emplace_back(a.name + ".rope.scaling.type", GgufValue::text("yarn"));
    real("rope.scaling.factor", yarn->factor);
    natural("rope.scaling.original_context_length", std::llround(yarn->original_positions));
  }
  return metadata;
}

}  // namespace nelumbo

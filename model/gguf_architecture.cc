// SPDX-License-Identifier: Apache-2.0
//
// The keys are those of github.com/ggml-org/ggml, docs/gguf.md.
#include "model/gguf_architecture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "model/checked_fields.h"

namespace nelumbo {
namespace {

using nlohmann::json;

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

/// Keys that change what the network computes and that none of the architectures has.
void refuse_other_networks(CheckedFields& fields) {
  for (const char* key :
       {"expert_count", "expert_used_count", "attention.sliding_window", "attention.max_alibi_bias",
        "attention.clamp_kqv", "attention.scale", "logit_scale", "embedding_scale",
        "residual_scale", "final_logit_softcapping", "attn_logit_softcapping"})
    fields.only(key, {0, 0.0});
  fields.only("use_parallel_residual", {false});
  fields.only("attention.causal", {true});
}

void read_scaling(CheckedFields& fields, GgufArchitecture& a, const GgufFile& file) {
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
                                                             kGgufMostPositions, a.positions))};
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

void read_sizes(CheckedFields& fields, GgufArchitecture& a) {
  a.positions = fields.whole("context_length", kGgufMostPositions);
  a.hidden_size = fields.whole("embedding_length", kGgufWidest);
  a.intermediate_size = fields.whole("feed_forward_length", kGgufWidest);
  a.layers = fields.whole("block_count", kGgufMostLayers);
  a.heads = fields.whole("attention.head_count", kGgufMostHeads);
  a.kv_heads = fields.whole("attention.head_count_kv", kGgufMostHeads, a.heads);
  if (!fields.has("attention.key_length") && a.hidden_size % a.heads != 0)
    fields.must("attention.head_count", "divide embedding_length");
  a.head_size = fields.whole("attention.key_length", kGgufWidest,
                             std::max<int64_t>(1, a.hidden_size / a.heads));
  for (const char* key : {"attention.value_length", "rope.dimension_count"})
    if (fields.whole(key, kGgufWidest, a.head_size) != a.head_size)
      fields.must(key, "be the size of a head, " + std::to_string(a.head_size));
  if (!fields.has("attention.layer_norm_rms_epsilon"))
    fields.must("attention.layer_norm_rms_epsilon", "be a number > 0");
  a.rms_norm_eps = fields.positive("attention.layer_norm_rms_epsilon", 1e-6);
  a.rope_theta = fields.positive("rope.freq_base", 10000);
  if (const auto problem = a.problem_of_heads())
    fields.complain("attention.head_count", *problem);
}

/// What the tensors say: vocabulary, tied embeddings, biases.
void read_tensors(CheckedFields& fields, GgufArchitecture& a, const GgufFile& file) {
  const GgufTensor* embedding = file.tensor("token_embd.weight");
  const bool is_table = embedding != nullptr && embedding->shape.size() == 2 &&
                        embedding->shape[0] <= kGgufLargestVocabulary;
  if (!is_table)
    fields.complain("block_count", "there is no tensor \"token_embd.weight\" of 2 dimensions");
  a.vocab_size = is_table ? embedding->shape[0] : 1;
  if (fields.whole("vocab_size", kGgufLargestVocabulary, a.vocab_size) != a.vocab_size)
    fields.must("vocab_size", "be the rows of token_embd.weight, " + std::to_string(a.vocab_size));
  a.tied = file.tensor("output.weight") == nullptr;
  a.attention_bias = a.name != "qwen2" && file.tensor("blk.0.attn_q.bias") != nullptr;
  a.mlp_bias = a.name == "llama" && file.tensor("blk.0.ffn_gate.bias") != nullptr;
}

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

}  // namespace

std::optional<std::string> GgufArchitecture::problem_of_heads() const {
  if (heads % kv_heads != 0)
    return "its " + std::to_string(heads) + " heads cannot share " + std::to_string(kv_heads) +
           " key and value heads";
  if (head_size % 2 != 0)
    return "a head of " + std::to_string(head_size) + " values has no two halves to rotate";
  return std::nullopt;
}

Result<GgufArchitecture> read_architecture(const GgufFile& file) {
  const json table = table_of(file.metadata());
  CheckedFields general(table, "");
  GgufArchitecture a;
  a.name = general.one_of("general.architecture", {"llama", "qwen2", "qwen3"});
  general.only("general.type", {"model"});
  general.only("split.count", {1, 0});
  if (general.complaint())
    return bad(file.path(), *general.complaint());
  CheckedFields fields(table, a.name + ".");
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

// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_policy.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "model/gguf_ends.h"
#include "model/gguf_rope.h"
#include "model/gguf_vocabulary.h"
#include "model/gguf_writer.h"

namespace nelumbo {
namespace {

constexpr const char* kDivisors = "rope_freqs.weight";

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

std::string shown(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t size : shape)
    text += (text.empty() ? "" : " × ") + std::to_string(size);
  return "[" + text + "]";
}

/// `general.file_type`, as llama.cpp numbers what most matrices are.
uint32_t file_type_of(GgufType type) {
  switch (type) {
    case GgufType::kF32:
      return 0;
    case GgufType::kF16:
      return 1;
    case GgufType::kQ80:
      return 7;
    case GgufType::kBf16:
      return 32;
    default:
      NELUMBO_CHECK(false) << block_format(type).name << " is read, not written";
      return 0;
  }
}

GgufType type_for(const GgufParameter& parameter, GgufType wanted) {
  if (parameter.shape.size() == 1)
    return GgufType::kF32;
  return parameter.shape.back() % block_format(wanted).values == 0 ? wanted : GgufType::kF16;
}

bool has_divisors(const ModelConfig& config) {
  const auto& scaling = config.decoder.rope_scaling;
  return scaling && scaling->kind == RopeScaling::Kind::kLlama3;
}

std::vector<GgufPlan> plans_of(const ModelConfig& config,
                               const std::vector<GgufParameter>& parameters, GgufType type) {
  std::vector<GgufPlan> plans;
  if (has_divisors(config))
    plans.push_back({kDivisors, {config.decoder.head_size() / 2}, GgufType::kF32});
  for (const GgufParameter& parameter : parameters)
    plans.push_back({parameter.gguf_name, parameter.shape, type_for(parameter, type)});
  return plans;
}

Result<std::vector<float>> values_of(const GgufParameter& parameter, const WeightSource& source,
                                     const std::string& place) {
  Result<NamedTensor> tensor = source(parameter.hf_name);
  if (!tensor)
    return tensor.error();
  if (tensor.value().shape != parameter.shape)
    return bad(place, "tensor " + parameter.hf_name + " has the shape " +
                          shown(tensor.value().shape) + ", its configuration says " +
                          shown(parameter.shape));
  if (parameter.permuted_heads == 0)
    return std::move(tensor.value().values);
  return to_gguf_rows(tensor.value().values, parameter.shape[0], parameter.permuted_heads);
}

Result<GgufMetadata> metadata_of(const std::string& path, const GgufDocuments& documents,
                                 GgufType type) {
  GgufMetadata metadata = gguf_config_metadata(documents.config);
  metadata.emplace_back("general.file_type", GgufValue::natural(file_type_of(type)));
  metadata.emplace_back("general.quantization_version", GgufValue::natural(2));
  Result<GgufMetadata> tokenizer =
      tokenizer_metadata(documents.tokenizer, documents.config.decoder.vocab_size, path);
  if (!tokenizer)
    return tokenizer.error();
  std::move(tokenizer.value().begin(), tokenizer.value().end(), std::back_inserter(metadata));
  const auto add = [&metadata](const char* key, const ControlToken& token) {
    if (token.id && find(metadata, key) == nullptr)
      metadata.emplace_back(key, GgufValue::natural(static_cast<uint32_t>(*token.id)));
  };
  add("tokenizer.ggml.bos_token_id", documents.tokens.begin);
  add("tokenizer.ggml.eos_token_id", documents.tokens.end);
  add("tokenizer.ggml.padding_token_id", documents.tokens.padding);
  if (auto done =
          add_gguf_ends(documents.ends, documents.config.decoder.vocab_size, path, &metadata);
      !done)
    return done.error();
  return metadata;
}

/// Tensors that say nothing which the other tensors and keys do not.
bool is_redundant(const std::string& name) {
  return name == kDivisors || name.ends_with(".attn_rot_embd") ||
         name.ends_with(".rot_embd.inv_freq");
}

}  // namespace

GgufPolicy::GgufPolicy(GgufFile file, GgufConfig config)
    : file_(std::move(file)),
      config_(std::move(config)),
      parameters_(gguf_parameters(config_.model)) {}

Result<GgufPolicy> GgufPolicy::open(const std::string& path) {
  Result<GgufFile> file = GgufFile::open(path);
  if (!file)
    return file.error();
  Result<GgufConfig> config = read_gguf_config(file.value());
  if (!config)
    return config.error();
  if (const auto sound = check_tokenizer_metadata(file.value().metadata(),
                                                  config.value().model.decoder.vocab_size, path);
      !sound)
    return sound.error();
  GgufPolicy policy(std::move(file).value(), std::move(config).value());
  if (const auto done = policy.match(); !done)
    return done.error();
  return policy;
}

Result<void> GgufPolicy::match() {
  std::map<std::string, size_t> left;
  for (size_t i = 0; i < file_.tensors().size(); ++i)
    if (!is_redundant(file_.tensors()[i].name))
      left.emplace(file_.tensors()[i].name, i);
  for (const GgufParameter& parameter : parameters_) {
    const auto found = left.find(parameter.gguf_name);
    if (found == left.end())
      return bad(file_.path(), "there is no tensor \"" + parameter.gguf_name + "\"");
    const GgufTensor& tensor = file_.tensors()[found->second];
    if (tensor.shape != parameter.shape)
      return bad(file_.path(), "tensor \"" + parameter.gguf_name + "\" has the shape " +
                                   shown(tensor.shape) + ", its keys say " +
                                   shown(parameter.shape));
    by_hf_name_.emplace(parameter.hf_name, tensor_of_.size());
    tensor_of_.push_back(found->second);
    left.erase(found);
  }
  if (!left.empty())
    return bad(file_.path(), "tensor \"" + shortened(left.begin()->first) +
                                 "\" belongs to no part of a " + gguf_architecture(config_.model) +
                                 " model");
  return {};
}

Result<TokenizerDocuments> GgufPolicy::tokenizer() const {
  return tokenizer_documents(file_.metadata(), file_.path());
}

Result<std::vector<int32_t>> GgufPolicy::ends() const {
  return read_gguf_ends(file_.metadata(), config().decoder.vocab_size, file_.path());
}

Result<NamedTensor> GgufPolicy::read(const std::string& hf_name) const {
  const auto found = by_hf_name_.find(hf_name);
  NELUMBO_CHECK(found != by_hf_name_.end()) << hf_name << ": not a parameter";
  const GgufParameter& parameter = parameters_[found->second];
  Result<std::vector<float>> values = file_.read(file_.tensors()[tensor_of_[found->second]]);
  if (!values)
    return values.error();
  if (!std::all_of(values.value().begin(), values.value().end(),
                   [](float value) { return std::isfinite(value); }))
    return bad(file_.path(),
               "tensor \"" + parameter.gguf_name + "\" holds a value that is not finite");
  NamedTensor tensor{hf_name, parameter.shape, std::move(values).value()};
  if (parameter.permuted_heads > 0)
    tensor.values = from_gguf_rows(tensor.values, parameter.shape[0], parameter.permuted_heads);
  return tensor;
}

Result<void> write_gguf_policy(const std::string& path, const GgufDocuments& documents,
                               GgufType type, const WeightSource& source) {
  const ModelConfig& config = documents.config;
  if (auto fits = check_gguf_architecture(config, path); !fits)
    return fits;
  const Result<GgufMetadata> metadata = metadata_of(path, documents, type);
  if (!metadata)
    return metadata.error();
  const std::vector<GgufParameter> parameters = gguf_parameters(config);
  std::map<std::string, const GgufParameter*> by_name;
  for (const GgufParameter& parameter : parameters)
    by_name.emplace(parameter.gguf_name, &parameter);
  const auto values = [&](const GgufPlan& plan) -> Result<std::vector<float>> {
    if (plan.name == kDivisors)
      return llama3_divisors(*config.decoder.rope_scaling, config.decoder.rope_theta,
                             config.decoder.head_size());
    return values_of(*by_name.at(plan.name), source, path);
  };
  return write_gguf(path, metadata.value(), plans_of(config, parameters, type), values);
}

}  // namespace nelumbo

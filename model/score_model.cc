// SPDX-License-Identifier: Apache-2.0
#include "model/score_model.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/file.h"
#include "model/hf_config.h"
#include "model/scoring.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kLongestConfig = 1 << 20;
constexpr int kReaders = 2;  // threads that pack what is read
constexpr const char* kHead = "score";
constexpr const char* kForAnswers = "ForSequenceClassification";
constexpr const char* kForSteps = "ForTokenClassification";
/// What the classes of policies end with.
constexpr std::array kForTokens = {"ForCausalLM", "ForConditionalGeneration"};

const char* ending_of(ScoreUse use) {
  return use == ScoreUse::kAnswer ? kForAnswers : kForSteps;
}

/// "Qwen2ForCausalLM" -> "Qwen2"
std::string stem_of(const std::string& architecture) {
  for (const char* ending : kForTokens)
    if (architecture.ends_with(ending))
      return architecture.substr(0, architecture.size() - std::string_view(ending).size());
  return architecture;
}

Error bad(const std::string& place, const std::string& why) {
  return {Errc::kBadData, place + ": " + why};
}

Result<ordered_json> object_of(const std::string& text, const std::string& place) {
  Result<ordered_json> document = parse_ordered_json(text, place);
  if (document && !document.value().is_object())
    return bad(place, "no JSON object");
  return document;
}

/// Which use the class in config.json stands for.
Result<ScoreUse> use_of(const ordered_json& config, const std::string& place) {
  const ordered_json list = config.value("architectures", ordered_json::array());
  const std::string name =
      list.is_array() && list.size() == 1 && list[0].is_string() ? list[0].get<std::string>() : "";
  for (const ScoreUse use : {ScoreUse::kAnswer, ScoreUse::kSteps})
    if (name.ends_with(ending_of(use)))
      return use;
  return bad(place, "architectures: must be one class that ends in " + std::string(kForAnswers) +
                        " or " + kForSteps + ", not " + list.dump());
}

/// One label: transformers counts id2label, and two where there is none.
Result<void> check_labels(const ordered_json& config, const std::string& place) {
  const ordered_json labels = config.value("id2label", ordered_json());
  if (labels.is_object() && labels.size() == 1)
    return {};
  return bad(place, "id2label: must have one label, the score, not " +
                        std::to_string(labels.is_object() ? labels.size() : 2));
}

/// What the weights are stored in, and so how matrices multiply.
StoredType type_of(const ordered_json& config) {
  for (const char* key : {"dtype", "torch_dtype"})
    if (config.value(key, ordered_json()) == "bfloat16")
      return StoredType::kBf16;
  return StoredType::kF32;
}

/// The configuration of the policy whose trunk this is. The family is that of model_type.
Result<ModelConfig> trunk_of(ordered_json config, const std::string& place) {
  config.erase("architectures");
  config["tie_word_embeddings"] = true;
  return parse_hf_config(config.dump(), place);
}

/// Transformers scores an answer at its last token that is no padding, and what pads is in many
/// models what ends an answer.
void leave_no_padding(ordered_json& config) {
  config["pad_token_id"] = nullptr;
  if (config.contains("text_config") && config["text_config"].is_object())
    config["text_config"]["pad_token_id"] = nullptr;
}

}  // namespace

ScoreNetwork make_score_network(const ModelConfig& policy, StoredType type, ScoreUse use) {
  ModelConfig config = policy;
  config.decoder.tie_embeddings = true;
  ScoreNetwork made{make_network(config, type), {}};
  ParameterBuilder builder(made.network.parameters);
  const int64_t width = config.decoder.hidden_size;
  made.score = use == ScoreUse::kSteps ? builder.linear_with_bias(kHead, 1, width)
                                       : builder.linear(kHead, 1, width);
  return made;
}

bool is_score(const std::string& name) {
  return name == "score.weight" || name == "score.bias";
}

WeightSet begin_score_model(const ScoreNetwork& network, const WeightSet& policy) {
  std::map<std::string, const NamedTensor*> by_name;
  for (const NamedTensor& tensor : policy)
    by_name[tensor.name] = &tensor;
  WeightSet weights;
  for (const ParameterInfo& info : network.network.parameters) {
    if (!is_score(info.name)) {
      NELUMBO_CHECK(by_name.contains(info.name)) << "a policy without " << info.name;
      weights.push_back(*by_name.at(info.name));
      continue;
    }
    const auto size = static_cast<size_t>(info.shape.back());
    weights.push_back({info.name, info.shape, std::vector<float>(size, 0.0F)});
  }
  return weights;
}

Result<std::string> score_config_json(const std::string& config, ScoreUse use,
                                      const std::string& place) {
  Result<ordered_json> document = object_of(config, place);
  if (!document)
    return document.error();
  const Result<ModelConfig> policy = parse_hf_config(config, place);
  if (!policy)
    return policy.error();
  ordered_json& fields = document.value();
  fields["architectures"] =
      ordered_json::array({stem_of(policy.value().architecture) + ending_of(use)});
  fields["id2label"] = {{"0", "score"}};
  fields["label2id"] = {{"score", 0}};
  fields["tie_word_embeddings"] = true;
  leave_no_padding(fields);
  return fields.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::vector<float> ScoreModel::scores(Team& team, std::span<const int32_t> tokens,
                                      std::span<const Pixels> pictures) const {
  return score_with_head(network.network, network.score, *weights, team, tokens, pictures);
}

Result<ScoreModel> read_score_model(const std::string& directory) {
  const std::string place = directory + "/config.json";
  const Result<std::string> text = read_file(place, kLongestConfig);
  if (!text)
    return bad(directory, "no score model here: " + text.error().message);
  const Result<ordered_json> config = object_of(text.value(), place);
  if (!config)
    return config.error();
  const Result<ScoreUse> use = use_of(config.value(), place);
  if (!use)
    return use.error();
  if (auto one = check_labels(config.value(), place); !one)
    return one.error();
  const Result<ModelConfig> trunk = trunk_of(config.value(), place);
  if (!trunk)
    return trunk.error();
  ScoreModel model{directory, use.value(),
                   make_score_network(trunk.value(), type_of(config.value()), use.value()), nullptr,
                   ""};
  Result<WeightSet> read = read_weights(directory);
  if (!read)
    return read.error();
  Result<WeightSet> weights = arrange_weights(model.network.network, std::move(read).value());
  if (!weights)
    return bad(directory, weights.error().message);
  for (NamedTensor& tensor : weights.value())
    round_to(model.network.network.type, tensor.values);
  const auto shared = std::make_shared<const WeightSet>(std::move(weights).value());
  Team readers(kReaders);
  model.hash = weights_hash(*shared);
  model.weights = std::make_shared<const EngineWeights>(model.network.network, shared, readers);
  return model;
}

}  // namespace nelumbo

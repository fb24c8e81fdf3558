// SPDX-License-Identifier: Apache-2.0
#include "apps/model_source.h"

#include <filesystem>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/open_model.h"
#include "base/file.h"
#include "model/generation_config.h"
#include "model/gguf_policy.h"
#include "model/strict_json.h"
#include "model/weight_files.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr int64_t kLongestDocument = int64_t{64} << 20;
constexpr const char* kTemplate = "chat_template.jinja";

/// What a directory may hold beside what every one must.
constexpr const char* kOptional[] = {"generation_config.json",   "tokenizer_config.json",
                                     "preprocessor_config.json", "processor_config.json",
                                     "special_tokens_map.json",  "video_preprocessor_config.json",
                                     "chat_template.json",       kTemplate};

Result<ModelSource> documents_of(const GgufPolicy& file, const std::string& path) {
  Result<TokenizerDocuments> tokenizer = file.tokenizer();
  if (!tokenizer)
    return tokenizer.error();
  Result<std::vector<int32_t>> ends = file.ends();
  if (!ends)
    return ends.error();
  ModelSource source{.place = path,
                     .config = file.config(),
                     .tokens = file.tokens(),
                     .ends = std::move(ends).value()};
  source.documents = {
      {"config.json", hf_config_json(source.config, source.tokens)},
      {"generation_config.json", generation_config_json(source.tokens, source.ends)},
      {"tokenizer.json", std::move(tokenizer.value().tokenizer)},
      {"tokenizer_config.json", std::move(tokenizer.value().tokenizer_config)}};
  return source;
}

void add_weights(const std::shared_ptr<const GgufPolicy>& file, ModelSource* source) {
  for (const GgufParameter& parameter : file->parameters())
    source->tensors.push_back({parameter.hf_name, parameter.shape});
  source->weights = [file](const std::string& name) { return file->read(name); };
}

Result<void> read_documents(const std::string& directory, ModelSource* source) {
  const auto add = [&](const std::string& name) -> Result<void> {
    Result<std::string> text = read_file(directory + "/" + name, kLongestDocument);
    if (!text)
      return Error{Errc::kBadData, text.error().message};
    source->documents[name] = std::move(text).value();
    return {};
  };
  for (const char* name : {"config.json", "tokenizer.json"})
    if (auto done = add(name); !done)
      return done;
  std::error_code none;
  for (const char* name : kOptional)
    if (std::filesystem::exists(std::filesystem::path(directory) / name, none))
      if (auto done = add(name); !done)
        return done;
  return {};
}

/// Puts the template of a file of its own where GGUF and earlier readers look for it. What sees
/// pictures has a processor, which looks beside the tokenizer.
Result<void> join_template(ModelSource* source) {
  if (source->config.sees)
    return {};
  const std::string place = source->place + "/tokenizer_config.json";
  std::string& text = source->documents["tokenizer_config.json"];
  Result<ordered_json> config = parse_ordered_json(text.empty() ? "{}" : text, place);
  if (!config)
    return config.error();
  if (!config.value().is_object())
    return Error{Errc::kBadData, place + ": must be an object"};
  if (const auto own = source->documents.find(kTemplate); own != source->documents.end()) {
    config.value()["chat_template"] = own->second;
    source->documents.erase(own);
  }
  text = config.value().dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  return {};
}

/// The weights as the network has them: without what it does not use, and checked.
void add_weights(const Model& model, ModelSource* source) {
  auto places = std::make_shared<std::map<std::string, size_t>>();
  for (size_t i = 0; i < model.weights->size(); ++i) {
    const NamedTensor& tensor = (*model.weights)[i];
    source->tensors.push_back({tensor.name, tensor.shape});
    places->emplace(tensor.name, i);
  }
  source->weights = [places, weights = model.weights](const std::string& name) {
    return (*weights)[places->at(name)];
  };
}

Result<ModelSource> documents_of(const std::string& directory) {
  Result<ModelConfig> config = read_hf_config(directory + "/config.json");
  if (!config)
    return config.error();
  ModelSource source{.place = directory, .config = std::move(config).value()};
  if (auto done = read_documents(directory, &source); !done)
    return done.error();
  Result<ControlTokens> tokens =
      parse_control_tokens(source.documents["config.json"], directory + "/config.json");
  if (!tokens)
    return tokens.error();
  source.tokens = std::move(tokens).value();
  Result<std::vector<int32_t>> ends = read_end_tokens(directory);
  if (!ends)
    return ends.error();
  source.ends = std::move(ends).value();
  source.documents.emplace("generation_config.json",
                           generation_config_json(source.tokens, source.ends));
  if (auto done = join_template(&source); !done)
    return done.error();
  return source;
}

Result<std::shared_ptr<const GgufPolicy>> open_gguf(const std::string& path) {
  Result<GgufPolicy> opened = GgufPolicy::open(path);
  if (!opened)
    return opened.error();
  return std::make_shared<const GgufPolicy>(std::move(opened).value());
}

Result<ModelSource> source_of_gguf(const std::string& path) {
  const Result<std::shared_ptr<const GgufPolicy>> file = open_gguf(path);
  if (!file)
    return file.error();
  Result<ModelSource> source = documents_of(*file.value(), path);
  if (source)
    add_weights(file.value(), &source.value());
  return source;
}

/// The weights of a directory, read from the disk one after another.
Result<void> add_weights(const std::string& directory, ModelSource* source) {
  Result<WeightFiles> opened = WeightFiles::open(directory);
  if (!opened)
    return opened.error();
  const Network network = make_network(source->config);
  if (auto fits = check_shapes(network, opened.value().shapes()); !fits)
    return Error{fits.error().code, directory + ": " + fits.error().message};
  for (const ParameterInfo& info : network.parameters)
    source->tensors.push_back({info.name, info.shape});
  source->weights = [files = std::move(opened).value()](const std::string& name) {
    return files.read(name);
  };
  return {};
}

Result<ModelSource> source_of_directory(const std::string& directory,
                                        const std::optional<std::string>& adapter) {
  Result<ModelSource> source = documents_of(directory);
  if (!source)
    return source.error();
  const Result<Model> model = adapter ? open_model(directory, adapter) : open_shape(directory);
  if (!model)
    return model.error();
  if (const Result<Tokenizer> sound = read_tokenizer(model.value()); !sound)
    return sound.error();
  if (adapter)
    add_weights(model.value(), &source.value());
  else if (auto done = add_weights(directory, &source.value()); !done)
    return done.error();
  return source;
}

}  // namespace

Result<ModelSource> open_model_documents(const std::string& model) {
  const Result<std::string> place = model_directory(model);
  if (!place)
    return place.error();
  if (!is_gguf(place.value()))
    return documents_of(place.value());
  const Result<std::shared_ptr<const GgufPolicy>> file = open_gguf(place.value());
  return file ? documents_of(*file.value(), place.value()) : file.error();
}

Result<ModelSource> open_model_source(const std::string& model,
                                      const std::optional<std::string>& adapter) {
  const Result<std::string> place = model_directory(model);
  if (!place)
    return place.error();
  if (!is_gguf(place.value()))
    return source_of_directory(place.value(), adapter);
  if (adapter)
    return Error{Errc::kInvalidConfig,
                 "--adapter: " + place.value() +
                     " is a GGUF file, which is read tensor by tensor; export it with --hf first"};
  return source_of_gguf(place.value());
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/model_facts.h"

#include <algorithm>
#include <filesystem>

#include "apps/chat_model.h"
#include "apps/json_fields.h"
#include "apps/licence.h"
#include "base/file.h"
#include "base/text.h"
#include "model/gguf_policy.h"
#include "model/strict_json.h"
#include "model/weight_files.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kLongestConfig = int64_t{16} << 20;

json tensor_json(const std::string& name, const std::vector<int64_t>& shape,
                 std::string_view dtype) {
  return {{"name", name}, {"shape", shape}, {"dtype", dtype}};
}

json tensors_json(const std::vector<StoredTensor>& stored) {
  json tensors = json::array();
  for (const StoredTensor& tensor : stored)
    tensors.push_back(tensor_json(tensor.name, tensor.shape, name_of(tensor.dtype)));
  return tensors;
}

/// The tensors as they lie in the files of a model.
Result<json> tensors_of(const std::string& directory) {
  if (!is_gguf(directory)) {
    const Result<WeightFiles> files = WeightFiles::open(directory);
    return files ? Result<json>(tensors_json(files.value().stored())) : files.error();
  }
  const Result<GgufPolicy> file = GgufPolicy::open(directory);
  if (!file)
    return file.error();
  json tensors = json::array();
  for (const GgufParameter& parameter : file.value().parameters())
    tensors.push_back(tensor_json(parameter.hf_name, parameter.shape,
                                  file.value().file().tensor(parameter.gguf_name)->format->name));
  return tensors;
}

int64_t values_of(const json& tensor) {
  int64_t values = 1;
  for (const json& size : tensor["shape"])
    values *= size.get<int64_t>();
  return values;
}

/// How many tensors and values there are of each type.
json dtypes_of(const json& tensors) {
  json dtypes = json::object();
  for (const json& tensor : tensors) {
    json& of_type = dtypes[tensor["dtype"].get<std::string>()];
    if (of_type.is_null())
      of_type = {{"tensors", 0}, {"values", 0}};
    of_type["tensors"] = of_type["tensors"].get<int64_t>() + 1;
    of_type["values"] = of_type["values"].get<int64_t>() + values_of(tensor);
  }
  return dtypes;
}

int64_t values_of(const WeightSet& weights) {
  int64_t values = 0;
  for (const NamedTensor& tensor : weights)
    values += std::ssize(tensor.values);
  return values;
}

/// Bytes of the weights: served once, in fp32 or bf16; of training them: values, two packed forms,
/// gradient and the two moments of AdamW.
json memory_json(int64_t parameters) {
  constexpr int64_t kFloat = 4;
  return {{"serve", kFloat * parameters},
          {"serve_bf16", kFloat / 2 * parameters},
          {"train", 6 * kFloat * parameters}};
}

/// The byte of white space or of a printable character that is assigned: F1 and F2 begin planes
/// that are empty, C0, C1 and F5 to FF stand in no UTF-8.
bool is_written(uint8_t byte) {
  if (byte < 0x80)
    return (byte >= 0x20 && byte != 0x7F) || byte == '\t' || byte == '\n' || byte == '\r';
  return byte < 0xF1 ? byte != 0xC0 && byte != 0xC1 : byte == 0xF3 || byte == 0xF4;
}

json tokenizer_json(const Tokenizer& tokenizer) {
  json special = json::array();
  for (int32_t id = 0; id < tokenizer.size(); ++id)
    if (tokenizer.has(id) && tokenizer.is_special(id))
      special.push_back(valid_utf8(tokenizer.piece(id)));
  json lost = json::array();
  for (const uint8_t byte : tokenizer.lost_bytes())
    if (is_written(byte))
      lost.push_back(byte);
  return {{"kind", tokenizer.kind()},
          {"tokens", tokenizer.size()},
          {"special", special},
          {"lost_bytes", lost}};
}

/// Null where there is no template; one that is malformed is an error.
Result<json> chat_json(const std::string& directory) {
  if (!is_gguf(directory)) {
    const Result<bool> has = has_chat_template(directory);
    if (!has)
      return has.error();
    if (!has.value())
      return json();
  } else if (const auto file = GgufFile::open(directory);
             file && find(file.value().metadata(), "tokenizer.chat_template") == nullptr) {
    return json();
  }
  const Result<ChatDirectory> chat = read_chat(directory);
  if (!chat)
    return chat.error();
  std::string_view source = chat.value().chat.source();
  const int64_t bytes = std::ssize(source);
  return json{{"bytes", bytes},
              {"first_line", shortened(take_until("\n", &source))},
              {"tool_use", chat.value().tool_use.has_value()}};
}

/// The ids that config.json and generation_config.json name are tokens of the network.
Result<void> check_ids(const Model& model) {
  if (is_gguf(model.directory))
    return {};
  for (const char* name : {"/config.json", "/generation_config.json"}) {
    const std::string path = model.directory + name;
    std::error_code none;
    if (!fs::exists(path, none))
      continue;
    const Result<std::string> text = read_file(path, kLongestConfig);
    if (!text)
      return Error{Errc::kBadData, text.error().message};
    if (auto sound =
            check_control_tokens(text.value(), model.network.config.decoder.vocab_size, path);
        !sound)
      return sound;
  }
  return {};
}

/// The tokens that tokenizer_config.json names as first and last of a text are in the vocabulary.
Result<void> check_named_tokens(const Model& model, const Tokenizer& tokenizer) {
  const std::string path = model.directory + "/tokenizer_config.json";
  std::error_code none;
  if (is_gguf(model.directory) || !fs::exists(path, none))
    return {};
  const Result<std::string> text = read_file(path, kLongestConfig);
  const Result<json> config = text ? parse_json(text.value(), path) : text.error();
  if (!config)
    return Error{Errc::kBadData, config.error().message};
  for (const char* key : {"bos_token", "eos_token"}) {
    const json& named = member(config.value(), key);
    const json& token = named.is_object() ? member(named, "content") : named;
    if (!token.is_null() && !(token.is_string() && tokenizer.id(token.get<std::string>())))
      return Error{Errc::kBadData, path + ": " + key + " " + shortened(token.dump()) +
                                       " is no token of the vocabulary"};
  }
  return {};
}

/// A head of its own beside tie_word_embeddings would never be used.
Result<void> check_head(const Model& model, const json& tensors) {
  constexpr const char* kHead = "lm_head.weight";
  const bool stands =
      std::ranges::any_of(tensors, [](const json& tensor) { return tensor["name"] == kHead; });
  if (!model.network.config.decoder.tie_embeddings || !stands)
    return {};
  const Result<WeightFiles> files = WeightFiles::open(model.directory);
  if (!files)
    return files.error();
  const Result<NamedTensor> head = files.value().read(kHead);
  if (!head)
    return head.error();
  const auto embedding = static_cast<size_t>(model.network.token_embedding);
  if (head.value().values == (*model.weights)[embedding].values)
    return {};
  return Error{Errc::kBadData, model.directory +
                                   ": config.json says tie_word_embeddings, and lm_head.weight "
                                   "differs from the embedding"};
}

json facts_of(const Model& model, const json& tensors) {
  const ModelConfig& config = model.network.config;
  const int64_t parameters = values_of(*model.weights);
  json facts{{"path", model.directory},
             {"architecture", config.architecture},
             {"parameters", parameters},
             {"dtypes", dtypes_of(tensors)},
             {"weights_hash", weights_hash(*model.weights)},
             {"layers", config.decoder.layers},
             {"hidden_size", config.decoder.hidden_size},
             {"heads", config.decoder.heads},
             {"kv_heads", config.decoder.kv_heads},
             {"max_positions", config.decoder.max_positions},
             {"vocabulary", config.decoder.vocab_size},
             {"licence", licence_of(model)},
             {"memory", memory_json(parameters)},
             {"tensors", tensors}};
  if (config.sees && config.vision.windows)
    facts["picture"] = {{"pixels_of_a_token", config.token_side()}};
  else if (config.sees)
    facts["picture"] = {{"size", config.vision.image_size}, {"tokens", config.image_tokens()}};
  return facts;
}

Result<json> directory_facts(const std::string& path) {
  const Result<Model> model = open_model(path);
  if (!model)
    return model.error();
  const Result<Tokenizer> tokenizer = read_tokenizer(model.value());
  if (!tokenizer)
    return tokenizer.error();
  const Result<std::vector<int32_t>> ends = end_tokens_of(model.value());
  if (!ends)
    return ends.error();
  const Result<json> chat = chat_json(model.value().directory);
  if (!chat)
    return chat.error();
  const Result<json> tensors = tensors_of(model.value().directory);
  if (!tensors)
    return tensors.error();
  for (const Result<void>& sound :
       {check_ids(model.value()), check_head(model.value(), tensors.value()),
        check_named_tokens(model.value(), tokenizer.value())})
    if (!sound)
      return sound.error();
  json facts = facts_of(model.value(), tensors.value());
  facts["tokenizer"] = tokenizer_json(tokenizer.value());
  facts["end_tokens"] = ends.value();
  facts["chat_template"] = chat.value();
  return facts;
}

Result<json> weights_facts(const std::string& path) {
  const Result<WeightSet> weights = read_safetensors(path);
  if (!weights)
    return weights.error();
  if (Result<void> finite = check_finite(weights.value(), path); !finite)
    return finite.error();
  const auto file = SafetensorsFile::open(path);
  if (!file)
    return file.error();
  const json tensors = tensors_json(file.value()->tensors());
  return json{{"path", path},
              {"parameters", values_of(weights.value())},
              {"dtypes", dtypes_of(tensors)},
              {"tensors", tensors}};
}

/// Facts about one file of a model.
Result<json> file_facts(const std::string& path) {
  const std::string kind = fs::path(path).extension().string();
  if (kind == ".safetensors")
    return weights_facts(path);
  if (kind == ".json") {
    const Result<Tokenizer> tokenizer = Tokenizer::read(path);
    if (!tokenizer)
      return tokenizer.error();
    return json{{"path", path}, {"tokenizer", tokenizer_json(tokenizer.value())}};
  }
  return Error{Errc::kBadData, path +
                                   ": is no part of a model; .safetensors, .gguf and "
                                   "tokenizer.json are, pickled files are never opened"};
}

}  // namespace

Result<json> model_facts(const std::string& path) {
  std::error_code none;
  if (!fs::exists(path, none))
    return Error{Errc::kInvalidConfig, path + ": no such file or directory"};
  if (fs::is_directory(path, none) && !model_directory(path))
    return Error{Errc::kBadData, path + ": has no config.json, so it is no model"};
  return fs::is_directory(path, none) || is_gguf(path) ? directory_facts(path) : file_facts(path);
}

}  // namespace nelumbo

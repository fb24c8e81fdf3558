// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "apps/commands.h"
#include "model/chat_directory.h"
#include "model/gguf_policy.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

int64_t values_of(const WeightSet& weights) {
  int64_t values = 0;
  for (const NamedTensor& tensor : weights)
    values += std::ssize(tensor.values);
  return values;
}

json tensors_json(const WeightSet& weights) {
  json tensors = json::array();
  for (const NamedTensor& tensor : weights)
    tensors.push_back({{"name", tensor.name}, {"shape", tensor.shape}});
  return tensors;
}

/// Bytes of the weights as the engine holds them, plain and packed; and of training them: values,
/// two packed forms, gradient and the two moments of AdamW.
json memory_json(int64_t parameters) {
  constexpr int64_t kFloat = 4;
  return {{"serve", 2 * kFloat * parameters}, {"train", 6 * kFloat * parameters}};
}

json facts_of(const Model& model) {
  const ModelConfig& config = model.network.config;
  const int64_t parameters = values_of(*model.weights);
  json facts{{"path", model.directory},
             {"architecture", config.architecture},
             {"parameters", parameters},
             {"weights_hash", weights_hash(*model.weights)},
             {"layers", config.decoder.layers},
             {"hidden_size", config.decoder.hidden_size},
             {"max_positions", config.decoder.max_positions},
             {"memory", memory_json(parameters)},
             {"tensors", tensors_json(*model.weights)}};
  if (config.sees && config.vision.windows)
    facts["picture"] = {{"pixels_of_a_token", config.token_side()}};
  else if (config.sees)
    facts["picture"] = {{"size", config.vision.image_size}, {"tokens", config.image_tokens()}};
  return facts;
}

Result<bool> gguf_speaks(const std::string& path) {
  const Result<GgufPolicy> file = GgufPolicy::open(path);
  if (!file)
    return file.error();
  if (find(file.value().file().metadata(), "tokenizer.chat_template") == nullptr)
    return false;
  const Result<TokenizerDocuments> documents = file.value().tokenizer();
  if (!documents)
    return documents.error();
  const Result<ChatDirectory> read = parse_chat_config(documents.value().tokenizer_config, path);
  return read ? Result<bool>(true) : read.error();
}

/// Whether there is a chat template; one that is malformed is an error.
Result<bool> speaks(const std::string& directory) {
  if (is_gguf(directory))
    return gguf_speaks(directory);
  Result<bool> has = has_chat_template(directory);
  if (!has || !has.value())
    return has;
  const Result<ChatDirectory> read = read_chat_directory(directory);
  return read ? Result<bool>(true) : read.error();
}

Result<json> model_facts(const std::string& path) {
  const Result<Model> model = open_model(path);
  if (!model)
    return model.error();
  const Result<Tokenizer> tokenizer = read_tokenizer(model.value());
  if (!tokenizer)
    return tokenizer.error();
  const Result<std::vector<int32_t>> ends = end_tokens_of(model.value());
  if (!ends)
    return ends.error();
  const Result<bool> chat = speaks(model.value().directory);
  if (!chat)
    return chat.error();
  json facts = facts_of(model.value());
  facts["vocabulary"] = tokenizer.value().size();
  facts["end_tokens"] = ends.value();
  facts["chat_template"] = chat.value();
  return facts;
}

/// Facts about one file of a model.
Result<json> file_facts(const std::string& path) {
  const std::string kind = fs::path(path).extension().string();
  if (kind == ".safetensors") {
    const Result<WeightSet> weights = read_safetensors(path);
    if (!weights)
      return weights.error();
    if (Result<void> finite = check_finite(weights.value(), path); !finite)
      return finite.error();
    return json{{"path", path},
                {"parameters", values_of(weights.value())},
                {"tensors", tensors_json(weights.value())}};
  }
  if (kind == ".json") {
    const Result<Tokenizer> tokenizer = Tokenizer::read(path);
    if (!tokenizer)
      return tokenizer.error();
    return json{{"path", path}, {"vocabulary", tokenizer.value().size()}};
  }
  return Error{Errc::kBadData, path +
                                   ": is no part of a model; .safetensors, .gguf and "
                                   "tokenizer.json are, pickled files are never opened"};
}

Result<json> facts_about(const std::string& path) {
  std::error_code none;
  if (!fs::exists(path, none))
    return Error{Errc::kInvalidConfig, path + ": no such file or directory"};
  if (fs::is_directory(path, none) && !model_directory(path))
    return Error{Errc::kBadData, path + ": has no config.json, so it is no model"};
  return fs::is_directory(path, none) || is_gguf(path) ? model_facts(path) : file_facts(path);
}

void print(std::ostream& out, const json& facts) {
  for (const auto& [name, value] : facts.items())
    if (name != "tensors")
      out << name << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
}

}  // namespace

void add_model_inspect_command(CLI::App& model, Session& session) {
  auto path = std::make_shared<std::string>();
  auto verify = std::make_shared<bool>(false);
  CLI::App* command = model.add_subcommand(
      "inspect", "Says what a model consists of, once every part of it has been checked.");
  command
      ->add_option("PATH", *path,
                   "A Hugging Face directory, a GGUF or safetensors file, a tokenizer.json, a "
                   "checkpoint or a run.")
      ->required();
  command->add_flag("--verify", *verify,
                    "Only say whether all shapes, offsets, values, the index, the tokenizer and "
                    "the chat template are sound: exit code 0 or 4.");
  command->add_flag("--json", session.json, "Print one JSON object.");
  command->footer(
      "memory: bytes to serve and to train in fp32, without keys, values and activations.\n"
      "Example:\n  nelumbo model inspect runs/quickstart --json");
  command->callback([&session, path, verify] {
    session.action = [&session, path, verify]() -> Result<void> {
      const Result<json> facts = facts_about(*path);
      if (!facts)
        return facts.error();
      if (session.json)
        session.out << (*verify ? json{{"path", *path}, {"sound", true}} : facts.value()).dump()
                    << '\n';
      else if (*verify)
        session.out << *path << ": sound\n";
      else
        print(session.out, facts.value());
      return {};
    };
  });
}

}  // namespace nelumbo

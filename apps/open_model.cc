// SPDX-License-Identifier: Apache-2.0
#include "apps/open_model.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "base/check.h"
#include "model/gguf_policy.h"
#include "model/hf_config.h"
#include "model/peft_adapter.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

std::vector<Group> run_until_idle(Engine& engine) {
  std::vector<Group> groups;
  while (!engine.idle())
    for (Group& group : engine.step())
      groups.push_back(std::move(group));
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.id < b.id; });
  return groups;
}

constexpr int kReaders = 2;  // threads that pack what is read

Result<ModelConfig> config_of(const std::string& directory) {
  if (!is_gguf(directory))
    return read_hf_config(directory + "/config.json");
  const Result<GgufPolicy> file = GgufPolicy::open(directory);
  return file ? Result<ModelConfig>(file.value().config()) : file.error();
}

Result<WeightSet> read_gguf(const std::string& path) {
  const Result<GgufPolicy> file = GgufPolicy::open(path);
  if (!file)
    return file.error();
  WeightSet weights;
  for (const GgufParameter& parameter : file.value().parameters()) {
    Result<NamedTensor> tensor = file.value().read(parameter.hf_name);
    if (!tensor)
      return tensor.error();
    weights.push_back(std::move(tensor).value());
  }
  return weights;
}

Result<std::shared_ptr<const EngineWeights>> read_packed(const Model& model) {
  Team team(kReaders);
  if (is_gguf(model.directory)) {
    const Result<GgufPolicy> file = GgufPolicy::open(model.directory);
    if (!file)
      return file.error();
    return EngineWeights::read(
        model.network, [&](const std::string& name) { return file.value().read(name); }, team);
  }
  const Result<WeightFiles> files = WeightFiles::open(model.directory);
  if (!files)
    return files.error();
  return EngineWeights::read(model.network, files.value(), team);
}

void round_all(StoredType type, WeightSet* weights) {
  for (NamedTensor& tensor : *weights)
    round_to(type, tensor.values);
}

/// An error about weights, with the place in front where it has none.
Error placed(const Error& error, const std::string& directory) {
  const bool bare = error.message.starts_with("weights: ");
  return {error.code, bare ? directory + ": " + error.message : error.message};
}

Result<Tokenizer> read_gguf_tokenizer(const std::string& path) {
  const Result<GgufPolicy> file = GgufPolicy::open(path);
  if (!file)
    return file.error();
  const Result<TokenizerDocuments> documents = file.value().tokenizer();
  if (!documents)
    return documents.error();
  return Tokenizer::parse(documents.value().tokenizer, path);
}

Result<void> merge(const std::string& adapter, WeightSet* weights) {
  const Result<std::string> directory = adapter_directory(adapter);
  if (!directory)
    return directory.error();
  const Result<PeftAdapter> read = read_peft_adapter(directory.value());
  if (!read)
    return read.error();
  Team alone(1);
  return merge_adapter(alone, read.value(), directory.value(), weights);
}

}  // namespace

Result<std::string> model_directory(const std::string& model) {
  if (is_gguf(model))
    return model;
  std::error_code none;
  for (const char* inside : {"", "/hf", "/checkpoints/latest/hf"})
    if (fs::exists(model + inside + "/config.json", none))
      return model + inside;
  return Error{
      Errc::kInvalidConfig,
      model +
          ": no model here; name a Hugging Face directory (with config.json), a GGUF file, "
          "a checkpoint or a run"};
}

bool is_gguf(const std::string& directory) {
  std::error_code none;
  return fs::path(directory).extension() == ".gguf" && !fs::is_directory(directory, none);
}

Result<Model> open_shape(const std::string& model) {
  Result<std::string> directory = model_directory(model);
  if (!directory)
    return directory.error();
  const Result<ModelConfig> config = config_of(directory.value());
  if (!config)
    return config.error();
  return Model{std::move(directory).value(), make_network(config.value()), nullptr, nullptr};
}

Result<Model> open_model(const std::string& model, const std::optional<std::string>& adapter,
                         StoredType type) {
  Result<Model> opened = open_shape(model);
  if (!opened)
    return opened.error();
  opened.value().network.type = type;
  const std::string& directory = opened.value().directory;
  Result<WeightSet> read = is_gguf(directory) ? read_gguf(directory) : read_weights(directory);
  if (!read)
    return read.error();
  Result<WeightSet> weights = arrange_weights(opened.value().network, std::move(read).value());
  if (!weights)
    return placed(weights.error(), directory);
  round_all(type, &weights.value());
  if (adapter) {
    if (auto merged = merge(*adapter, &weights.value()); !merged)
      return merged.error();
    round_all(type, &weights.value());
  }
  opened.value().weights = std::make_shared<const WeightSet>(std::move(weights).value());
  return opened;
}

Result<Model> serve_model(const std::string& model, const std::optional<std::string>& adapter,
                          StoredType type, EngineProducts products) {
  Result<Model> opened = adapter ? open_model(model, adapter, type) : open_shape(model);
  if (!opened)
    return opened.error();
  Model& served = opened.value();
  served.network.type = type;
  served.network.products = products;
  if (adapter) {
    Team team(kReaders);
    served.packed = std::make_shared<const EngineWeights>(served.network, served.weights, team);
    served.weights.reset();
    return opened;
  }
  Result<std::shared_ptr<const EngineWeights>> packed = read_packed(served);
  if (!packed)
    return placed(packed.error(), served.directory);
  served.packed = std::move(packed).value();
  return opened;
}

StoredType stored_type(const std::string& word) {
  NELUMBO_CHECK(word == "fp32" || word == "bf16") << "no type of weights is called " << word;
  return word == "bf16" ? StoredType::kBf16 : StoredType::kF32;
}

Result<Tokenizer> read_tokenizer(const std::string& directory) {
  return is_gguf(directory) ? read_gguf_tokenizer(directory)
                            : Tokenizer::read(directory + "/tokenizer.json");
}

Result<ChatDirectory> read_chat(const std::string& directory) {
  if (!is_gguf(directory))
    return read_chat_directory(directory);
  const Result<GgufPolicy> file = GgufPolicy::open(directory);
  if (!file)
    return file.error();
  if (find(file.value().file().metadata(), "tokenizer.chat_template") == nullptr)
    return Error{Errc::kBadData, directory + ": has no chat template"};
  const Result<TokenizerDocuments> documents = file.value().tokenizer();
  return documents ? parse_chat_config(documents.value().tokenizer_config, directory)
                   : documents.error();
}

Result<Tokenizer> read_tokenizer(const Model& model) {
  const std::string place = model.directory + (is_gguf(model.directory) ? "" : "/tokenizer.json");
  Result<Tokenizer> tokenizer = read_tokenizer(model.directory);
  if (!tokenizer && tokenizer.error().code == Errc::kEnvironment)
    return Error{Errc::kBadData, tokenizer.error().message};
  if (tokenizer && tokenizer.value().size() > model.network.config.decoder.vocab_size)
    return Error{Errc::kBadData, place + ": has more tokens than the embedding has rows, " +
                                     std::to_string(model.network.config.decoder.vocab_size)};
  return tokenizer;
}

Result<void> check_logprobs(std::span<const float> logprobs, const std::string& place) {
  if (std::ranges::all_of(logprobs, [](float x) { return std::isfinite(x); }))
    return {};
  return Error{Errc::kBadData,
               place +
                   ": a log-prob is not finite; the weights of the model, or of its adapter, "
                   "are too large to compute with"};
}

Result<std::vector<Group>> answer_prompts(const Model& model,
                                          const std::shared_ptr<const Environment>& environment,
                                          Team& team,
                                          const std::vector<std::shared_ptr<const Prompt>>& prompts,
                                          const AnswerOptions& options) {
  const std::unique_ptr<Engine> engine =
      make_policy_engine(model.network, EngineConfig{}, environment, team, model.packed);
  for (size_t i = 0; i < prompts.size(); ++i) {
    const GroupRequest request{.id = GroupId{i},
                               .prompt = prompts[i],
                               .samples = options.samples,
                               .seed = options.seed,
                               .sampling = options.sampling};
    if (Result<void> queued = engine->submit(request); !queued)
      return queued.error();
  }
  std::vector<Group> groups = run_until_idle(*engine);
  NELUMBO_CHECK(groups.size() == prompts.size())
      << groups.size() << " groups for " << prompts.size() << " prompts";
  for (const Group& group : groups)
    for (const Trajectory& trajectory : group.trajectories)
      if (auto sound = check_logprobs(trajectory.logprobs, group.prompt->id); !sound)
        return sound.error();
  return groups;
}

}  // namespace nelumbo

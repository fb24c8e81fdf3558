// SPDX-License-Identifier: Apache-2.0
#include "apps/open_model.h"

#include <algorithm>
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

/// What a network is made from, as it was read.
struct Shape {
  ModelConfig config;
  WeightSet weights;
};

Result<Shape> read_directory(const std::string& directory) {
  Result<ModelConfig> config = read_hf_config(directory + "/config.json");
  if (!config)
    return config.error();
  Result<WeightSet> weights = read_weights(directory);
  if (!weights)
    return weights.error();
  return Shape{std::move(config).value(), std::move(weights).value()};
}

Result<Shape> read_gguf(const std::string& path) {
  const Result<GgufPolicy> file = GgufPolicy::open(path);
  if (!file)
    return file.error();
  Shape shape{file.value().config(), {}};
  for (const GgufParameter& parameter : file.value().parameters()) {
    Result<NamedTensor> tensor = file.value().read(parameter.hf_name);
    if (!tensor)
      return tensor.error();
    shape.weights.push_back(std::move(tensor).value());
  }
  return shape;
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

Result<Model> open_model(const std::string& model, const std::optional<std::string>& adapter) {
  Result<std::string> directory = model_directory(model);
  if (!directory)
    return directory.error();
  Result<Shape> shape =
      is_gguf(directory.value()) ? read_gguf(directory.value()) : read_directory(directory.value());
  if (!shape)
    return shape.error();
  Model opened{std::move(directory).value(), make_network(shape.value().config), nullptr};
  Result<WeightSet> weights = arrange_weights(opened.network, std::move(shape.value().weights));
  if (!weights)
    return Error{weights.error().code, opened.directory + ": " + weights.error().message};
  if (adapter)
    if (auto merged = merge(*adapter, &weights.value()); !merged)
      return merged.error();
  opened.weights = std::make_shared<const WeightSet>(std::move(weights).value());
  return opened;
}

Result<Tokenizer> read_tokenizer(const Model& model) {
  const bool gguf = is_gguf(model.directory);
  const std::string place = model.directory + (gguf ? "" : "/tokenizer.json");
  Result<Tokenizer> tokenizer =
      gguf ? read_gguf_tokenizer(model.directory) : Tokenizer::read(place);
  if (!tokenizer && tokenizer.error().code == Errc::kEnvironment)
    return Error{Errc::kBadData, tokenizer.error().message};
  if (tokenizer && tokenizer.value().size() > model.network.config.decoder.vocab_size)
    return Error{Errc::kBadData, place + ": has more tokens than the embedding has rows, " +
                                     std::to_string(model.network.config.decoder.vocab_size)};
  return tokenizer;
}

Result<std::vector<Group>> answer_prompts(const Model& model,
                                          const std::shared_ptr<const Environment>& environment,
                                          Team& team,
                                          const std::vector<std::shared_ptr<const Prompt>>& prompts,
                                          const AnswerOptions& options) {
  const std::unique_ptr<Engine> engine =
      make_policy_engine(model.network, EngineConfig{}, environment, team);
  engine->load(model.weights, PolicyVersion{0});
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
  return groups;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/open_model.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/check.h"
#include "model/hf_config.h"
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

}  // namespace

Result<std::string> model_directory(const std::string& model) {
  std::error_code none;
  for (const char* inside : {"", "/hf", "/checkpoints/latest/hf"})
    if (fs::exists(model + inside + "/config.json", none))
      return model + inside;
  return Error{Errc::kInvalidConfig,
               model +
                   ": no model here; name a Hugging Face directory (with config.json), a "
                   "checkpoint or a run"};
}

Result<Model> open_model(const std::string& model) {
  Result<std::string> directory = model_directory(model);
  if (!directory)
    return directory.error();
  Model opened;
  opened.directory = std::move(directory).value();
  Result<ModelConfig> config = read_hf_config(opened.directory + "/config.json");
  if (!config)
    return config.error();
  opened.network = make_network(config.value());
  Result<WeightSet> read = read_weights(opened.directory);
  if (!read)
    return read.error();
  Result<WeightSet> weights = arrange_weights(opened.network, std::move(read).value());
  if (!weights)
    return Error{weights.error().code, opened.directory + ": " + weights.error().message};
  opened.weights = std::make_shared<const WeightSet>(std::move(weights).value());
  return opened;
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

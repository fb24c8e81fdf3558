// SPDX-License-Identifier: Apache-2.0
#include "apps/policy.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "apps/hf_directory.h"
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

Result<std::string> policy_directory(const std::string& model) {
  std::error_code none;
  for (const char* inside : {"", "/hf", "/checkpoints/latest/hf"})
    if (fs::exists(model + inside + "/config.json", none))
      return model + inside;
  return Error{Errc::kInvalidConfig,
               model +
                   ": no policy here; name a Hugging Face directory (with config.json), a "
                   "checkpoint or a run"};
}

Result<Model> open_model(const std::string& model) {
  Result<std::string> directory = policy_directory(model);
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

Result<Policy> open_policy(const std::string& model) {
  Result<std::string> directory = policy_directory(model);
  if (!directory)
    return directory.error();
  Result<HfDirectory> read = read_hf_directory(directory.value());
  if (!read)
    return read.error();
  HfDirectory& files = read.value();
  Policy policy;
  policy.directory = directory.value();
  policy.network = make_network(files.config);
  Result<WeightSet> weights = arrange_weights(policy.network, std::move(files.weights));
  if (!weights)
    return Error{weights.error().code, policy.directory + ": " + weights.error().message};
  policy.weights = std::make_shared<const WeightSet>(std::move(weights).value());
  Result<Dialogue> dialogue =
      Dialogue::create(std::move(files.tokenizer), files.config.image_tokens());
  if (!dialogue)
    return Error{dialogue.error().code, policy.directory + ": " + dialogue.error().message};
  policy.dialogue = std::make_shared<const Dialogue>(std::move(dialogue).value());
  return policy;
}

Result<std::vector<Group>> answer_prompts(const Policy& policy, Team& team,
                                          const std::vector<std::shared_ptr<const Prompt>>& prompts,
                                          const AnswerOptions& options) {
  const auto environment =
      std::make_shared<const Environment>(policy.dialogue, policy.network.config.vision.image_size);
  const std::unique_ptr<Engine> engine =
      make_policy_engine(policy.network, EngineConfig{}, environment, team);
  engine->load(policy.weights, PolicyVersion{0});
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

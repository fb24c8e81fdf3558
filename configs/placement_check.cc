// SPDX-License-Identifier: Apache-2.0
//
// Work is dealt so that nobody waits while another has two pieces of it: a group goes to the
// rollout actor that holds fewest (actors/lease_book.h), a micro-batch to the rank with the fewest
// rows, and none is larger than a rank's part (learner/rank_share.h). So whoever may be counted
// among the pieces has work in every step, and only more actors than pieces can starve.
#include "configs/placement_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nelumbo {
namespace {

/// Pieces of work in one step of a stage, and the keys that decide how many.
struct Pieces {
  std::string stage;
  std::string keys;  ///< "rl.prompts", "rl.prompts * rl.group_size"
  int64_t count = 0;
};

/// Groups that are drawn together: one for each prompt.
std::vector<Pieces> groups_of(const RunConfig& config) {
  std::vector<Pieces> all;
  if (config.has_stage("filter")) {
    const bool few = config.filter.max_prompts < config.filter.prompts;
    all.push_back({"filter", few ? "filter.max_prompts" : "filter.prompts",
                   std::min(config.filter.max_prompts, config.filter.prompts)});
  }
  if (config.has_stage("midtrain") && config.midtrain.draw.steps > 0)
    all.push_back({"midtrain", "midtrain.draw.prompts", config.midtrain.draw.prompts});
  if (config.has_stage("rl"))
    all.push_back({"rl", "rl.prompts", config.rl.prompts});
  return all;
}

/// What an optimizer step trains on, of which nothing is cut: at most so many trajectories.
std::vector<Pieces> trajectories_of(const RunConfig& config) {
  std::vector<Pieces> all;
  const auto tokens = [&](const std::string& stage, const TokenStageConfig& section) {
    if (!config.model.from.empty())
      all.push_back({stage, stage + ".questions", section.questions});
    else
      all.push_back({stage, stage + ".images * items + texts + questions",
                     section.images * section.items + section.texts + section.questions});
  };
  if (config.has_stage("pretrain"))
    tokens("pretrain", config.pretrain);
  if (config.has_stage("midtrain"))
    tokens("midtrain", config.midtrain);
  if (config.has_stage("sft"))
    tokens("sft", config.sft);
  if (config.has_stage("reward_model"))
    all.push_back({"reward_model", "reward_model.pairs", config.reward_model.pairs});
  if (config.has_stage("prm"))
    all.push_back({"prm", "prm.pairs", config.prm.pairs});
  if (config.has_stage("dpo"))
    all.push_back({"dpo", "dpo.pairs", config.dpo.pairs});
  if (config.has_stage("rl"))
    all.push_back({"rl", "rl.prompts * rl.group_size", config.rl.prompts * config.rl.group_size});
  return all;
}

/// The stage with the fewest; none where no stage deals such work. What is out of its own range is
/// told elsewhere.
std::optional<Pieces> fewest(std::vector<Pieces> all) {
  std::erase_if(all, [](const Pieces& pieces) { return pieces.count < 1; });
  if (all.empty())
    return std::nullopt;
  return *std::ranges::min_element(all, {}, &Pieces::count);
}

Error starving(const std::string& key, const Pieces& pieces, const std::string& what) {
  return {Errc::kInvalidConfig, key + ": must be at most " + pieces.keys + ", which is " +
                                    std::to_string(pieces.count) + ": a step of " + pieces.stage +
                                    " has no " + what + " for more; lower it, or raise " +
                                    pieces.keys};
}

/// What ranks that hold the policy in parts cannot hold.
Result<void> check_sharding(const RunConfig& config) {
  if (config.placement.sharding != "full" || config.placement.learners == 1)
    return {};
  const auto refused = [](const std::string& what) {
    return Error{Errc::kInvalidConfig,
                 "placement.sharding: 'full' holds no " + what + "; take 'optimizer'"};
  };
  for (const char* stage : {"reward_model", "prm"})
    if (config.has_stage(stage))
      return refused("score model, which the stage " + std::string(stage) + " trains");
  const auto trainings = {
      std::pair{"pretrain", &config.pretrain.training},
      std::pair{"midtrain", &config.midtrain.training}, std::pair{"sft", &config.sft.training},
      std::pair{"dpo", &config.dpo.training}, std::pair{"rl", &config.rl.training}};
  for (const auto& [stage, training] : trainings)
    if (config.has_stage(stage) && training->adapter.rank > 0)
      return refused("adapters, which " + std::string(stage) + ".adapter.rank asks for");
  return {};
}

}  // namespace

Result<void> check_placement(const RunConfig& config) {
  const PlacementConfig& placement = config.placement;
  if (const auto groups = fewest(groups_of(config))) {
    for (const auto& [key, count] : {std::pair{"placement.rollouts", placement.rollouts},
                                     std::pair{"placement.most_rollouts", placement.most_rollouts},
                                     std::pair{"placement.rewards", placement.rewards}})
      if (count > groups->count)
        return starving(key, *groups, "group");
  }
  if (const auto trajectories = fewest(trajectories_of(config)))
    if (placement.learners > trajectories->count)
      return starving("placement.learners", *trajectories, "trajectory");
  return check_sharding(config);
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/run_plan.h"

#include <utility>

#include "apps/chat_plan.h"
#include "apps/recipe_plan.h"
#include "apps/trace.h"
#include "apps/training_check.h"
#include "learner/nccl_device.h"

namespace nelumbo {

Result<void> RunPlan::keep_earlier(const std::string& /*place*/, Reuse /*reuse*/) const {
  return {};
}

Result<std::vector<StageKind>> stages_of(const RunConfig& config) {
  std::vector<StageKind> stages;
  for (const std::string& name : config.pipeline) {
    if (name == "curate")
      continue;  // made before there is a policy: apps/curated_cache.h
    Result<StageKind> kind = stage_kind(name);
    if (!kind)
      return kind.error();
    stages.push_back(kind.value());
  }
  return stages;
}

Result<void> check_machine(const RunConfig& config) {
  if (config.placement.collectives == "nccl")
    return require_nccl(config.placement.learners);
  return {};
}

Result<std::unique_ptr<const RunPlan>> load_plan(const RunConfig& config,
                                                 const std::string& config_path, Reuse reuse) {
  auto plan = config.model.from.empty() ? load_recipe_plan(config, config_path, reuse)
                                        : load_chat_plan(config, config_path);
  if (!plan)
    return plan;
  if (auto sound = check_training(config, plan.value()->network()); !sound)
    return sound.error();
  return plan;
}

CrewSetup crew_of(const RunConfig& config, std::shared_ptr<const RewardSpec> reward) {
  CrewSetup crew;
  crew.reward = std::move(reward);
  if (auto live = std::dynamic_pointer_cast<const ReloadingSpec>(crew.reward))
    crew.refresh_reward = [live = std::move(live)] { return live->refresh(); };
  crew.placement = config.placement;
  crew.fault = config.faults;
  crew.slots = 2 * config.engine.max_batch;
  return crew;
}

PipelineSetup setup_of(const RunConfig& config, const std::vector<StageKind>& stages) {
  PipelineSetup setup;
  setup.stages = stages;
  setup.run = config.run;
  setup.pretrain = config.pretrain;
  setup.midtrain = config.midtrain;
  setup.sft = config.sft;
  setup.reward_model = config.reward_model;
  setup.prm = config.prm;
  setup.dpo = config.dpo;
  setup.rl = config.rl;
  setup.rl_sampling = config.sampling;
  setup.reward = config.reward;
  setup.traces = [](const std::string& stage, int64_t /*step*/,
                    const std::vector<ScoredGroup>& groups) { return traces_of(stage, groups); };
  return setup;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/pipeline_setup.h"

#include <utility>

#include "apps/hf_directory.h"
#include "apps/token_sources.h"
#include "apps/trace.h"
#include "corpus/smear_prompts.h"
#include "learner/policy_learner.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

constexpr int64_t kPromptsPerRound = 1 << 20;  // more than a step can ask for

std::vector<std::shared_ptr<const Prompt>> rl_prompts(const Materials& materials, int64_t step,
                                                      int64_t round, int64_t count) {
  std::vector<std::shared_ptr<const Prompt>> prompts;
  for (int64_t i = 0; i < count; ++i) {
    const PromptKey key{static_cast<uint64_t>(materials.config.run.seed), step,
                        round * kPromptsPerRound + i};
    prompts.push_back(std::make_shared<const Prompt>(
        training_prompt(materials.data.train, materials.config.tasks, *materials.dialogue,
                        materials.network.config.vision.image_size, key)));
  }
  return prompts;
}

PipelineSources sources_of(const std::shared_ptr<const Materials>& materials,
                           const std::shared_ptr<EvaluationBook>& book) {
  PipelineSources sources;
  sources.token_batch = [materials](StageKind stage, int64_t step) {
    return token_batch(*materials, stage, step);
  };
  sources.token_validation = [materials](StageKind stage) {
    return token_validation(*materials, stage);
  };
  sources.judge_tokens = [materials](StageKind stage, const Metrics& metrics,
                                     const Predictions& predictions) {
    return judge_tokens(token_validation(*materials, stage), *materials->dialogue, metrics,
                        predictions);
  };
  sources.rl_prompts = [materials](int64_t step, int64_t round, int64_t count) {
    return rl_prompts(*materials, step, round, count);
  };
  sources.evaluation = [materials](Occasion occasion) {
    return evaluation_modes(*materials, occasion);
  };
  sources.judge_answers = [book](const EvaluationPlace& place,
                                 const std::vector<EvaluationAnswers>& answers) {
    return book->judge(place, answers);
  };
  return sources;
}

}  // namespace

Result<std::vector<StageKind>> stages_of(const RunConfig& config) {
  std::vector<StageKind> stages;
  for (const std::string& name : config.pipeline) {
    Result<StageKind> kind = stage_kind(name);
    if (!kind)
      return kind.error();
    stages.push_back(kind.value());
  }
  return stages;
}

int64_t planned_steps(const RunConfig& config, StageKind stage) {
  switch (stage) {
    case StageKind::kPretrain:
      return config.pretrain.steps;
    case StageKind::kSft:
      return config.sft.steps;
    case StageKind::kRl:
      return config.rl.steps;
    case StageKind::kEvaluate:
      return 1;
  }
  return 0;
}

CrewSetup crew_of(const std::shared_ptr<const Materials>& materials) {
  const RunConfig& config = materials->config;
  CrewSetup crew;
  crew.make_engine = [materials] {
    return make_policy_engine(materials->network, materials->config.engine, materials->environment,
                              *materials->team);
  };
  crew.make_learner = [materials] {
    const auto seed = static_cast<uint64_t>(materials->config.run.seed);
    return make_learner(materials->network, initial_weights(materials->network, seed),
                        *materials->team);
  };
  crew.reward = materials->reward;
  crew.placement = config.placement;
  crew.fault = config.faults;
  crew.slots = 2 * config.engine.max_batch;
  return crew;
}

PipelineSetup setup_of(const std::shared_ptr<const Materials>& materials,
                       std::vector<StageKind> stages, const std::shared_ptr<EvaluationBook>& book) {
  const RunConfig& config = materials->config;
  PipelineSetup setup;
  setup.stages = std::move(stages);
  setup.run = config.run;
  setup.pretrain = config.pretrain;
  setup.sft = config.sft;
  setup.rl = config.rl;
  setup.rl_sampling = config.sampling;
  setup.reward = config.reward;
  setup.crew = crew_of(materials);
  setup.sources = sources_of(materials, book);
  setup.weights = std::make_shared<const WeightSet>(
      initial_weights(materials->network, static_cast<uint64_t>(config.run.seed)));
  setup.traces = [](const std::string& stage, int64_t /*step*/,
                    const std::vector<ScoredGroup>& groups) { return traces_of(stage, groups); };
  setup.write_model = [materials](const std::string& folder, const WeightSet& weights) {
    return write_hf_directory(folder, materials->network.config, *materials->dialogue, weights);
  };
  return setup;
}

}  // namespace nelumbo

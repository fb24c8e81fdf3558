// SPDX-License-Identifier: Apache-2.0
#include "apps/pipeline_setup.h"

#include <utility>

#include "apps/hf_directory.h"
#include "apps/recipe_preferences.h"
#include "apps/run_plan.h"
#include "apps/score_model_export.h"
#include "apps/token_sources.h"
#include "apps/trace_book.h"
#include "apps/trace_prompts.h"
#include "base/rng.h"
#include "corpus/smear_prompts.h"
#include "learner/policy_learner.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

constexpr int64_t kPromptsPerRound = 1 << 20;  // more than a step can ask for
constexpr uint32_t kTaskStream = 0x80000000;   // beyond every prompt of a step

/// A prompt about a picture, or a text prompt as often as its task's weight says.
Prompt rl_prompt(const Materials& materials, const PromptKey& key) {
  const TaskConfig& tasks = materials.config.tasks;
  Random random(key.seed, Purpose::kPrompt, static_cast<uint64_t>(key.step),
                static_cast<uint32_t>(key.index) ^ kTaskStream);
  if (random.uniform() * (tasks.of_pictures() + tasks.of_texts()) >= tasks.of_texts())
    return training_prompt(materials.data.train, tasks, *materials.dialogue,
                           materials.network.config.vision.image_size, key);
  const std::string id = "train/" + std::to_string(key.step) + "/" + std::to_string(key.index);
  return random_text_prompt(materials.texts, tasks, *materials.dialogue, id, random);
}

std::vector<std::shared_ptr<const Prompt>> rl_prompts(const Materials& materials, int64_t step,
                                                      int64_t round, int64_t count) {
  std::vector<std::shared_ptr<const Prompt>> prompts;
  for (int64_t i = 0; i < count; ++i) {
    const PromptKey key{static_cast<uint64_t>(materials.config.run.seed), step,
                        round * kPromptsPerRound + i};
    prompts.push_back(std::make_shared<const Prompt>(rl_prompt(materials, key)));
  }
  return prompts;
}

/// Batches of midtrain and what it draws traces for.
void add_traces(const std::shared_ptr<const Materials>& materials, const std::string& place,
                PipelineSources* sources) {
  auto prompts = std::make_shared<const TracePrompts>(make_trace_prompts(*materials));
  auto book = std::make_shared<TraceBook>(place, prompts->tasks);
  sources->trace_prompts = [prompts] { return prompts->prompts; };
  sources->keep_traces = [book](int64_t draw, const std::vector<ScoredGroup>& groups) {
    return book->keep(draw, groups);
  };
  sources->traces_kept = [book](int64_t draw) { return book->kept(draw); };
  sources->token_batch = [materials, prompts, book](
                             StageKind stage, int64_t step) -> Result<std::vector<TrainingGroup>> {
    std::vector<TrainingGroup> groups = token_batch(*materials, stage, step);
    const MidtrainConfig& config = materials->config.midtrain;
    if (stage != StageKind::kMidtrain || step < config.steps)
      return groups;
    const auto accepted = book->accepted();
    if (!accepted)
      return accepted.error();
    for (TrainingGroup& group :
         trace_groups(*prompts, accepted.value(), static_cast<uint64_t>(materials->config.run.seed),
                      step, config.questions / 2, config.text_weight))
      groups.push_back(std::move(group));
    return groups;
  };
}

PipelineSources sources_of(const std::shared_ptr<const Materials>& materials,
                           const std::shared_ptr<EvaluationBook>& book, const std::string& folder) {
  PipelineSources sources;
  add_traces(materials, folder, &sources);
  sources.token_validation = [materials](StageKind stage) {
    return token_validation(*materials, stage);
  };
  sources.judge_tokens = [materials](StageKind stage, const Metrics& metrics,
                                     const Predictions& predictions) {
    return judge_tokens(token_validation(*materials, stage), *materials->dialogue, metrics,
                        predictions);
  };
  sources.preferences = [materials](StageKind stage) -> Result<PreferencePairs> {
    return recipe_preferences(*materials, stage);
  };
  sources.preference_order = [materials](StageKind stage, int64_t first, int64_t count,
                                         int64_t train) {
    return dealt_range(static_cast<uint64_t>(materials->config.run.seed), stage, first, count,
                       train);
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

CrewSetup crew_of(const std::shared_ptr<const Materials>& materials) {
  CrewSetup crew = crew_of(materials->config, materials->reward);
  crew.make_engine = [materials] {
    return make_policy_engine(materials->network, materials->config.engine, materials->environment,
                              *materials->team);
  };
  crew.make_learner = [materials](LearnerRanks ranks) {
    const auto seed = static_cast<uint64_t>(materials->config.run.seed);
    return make_learner(materials->network, initial_weights(materials->network, seed),
                        *materials->learner_team, seed, std::move(ranks));
  };
  return crew;
}

PipelineSetup setup_of_recipe(const std::shared_ptr<const Materials>& materials,
                              const std::vector<StageKind>& stages,
                              const std::shared_ptr<EvaluationBook>& book,
                              const std::string& place) {
  PipelineSetup setup = setup_of(materials->config, stages);
  setup.crew = crew_of(materials);
  setup.sources = sources_of(materials, book, place);
  setup.weights = std::make_shared<const WeightSet>(
      initial_weights(materials->network, static_cast<uint64_t>(materials->config.run.seed)));
  setup.write_model = [materials](const std::string& folder, const WeightSet& weights) {
    return write_hf_directory(folder, materials->network.config, *materials->dialogue, weights);
  };
  setup.write_score_model = [materials](const std::string& folder, StageKind stage,
                                        const WeightSet& weights, const Metrics& validation) {
    return write_score_model(materials->network.config, *materials->dialogue,
                             {stage, &weights, StoredType::kF32, &validation}, folder);
  };
  return setup;
}

}  // namespace nelumbo

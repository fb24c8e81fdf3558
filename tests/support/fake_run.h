// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/pipeline.h"
#include "base/file.h"
#include "tests/support/fake_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {

inline std::chrono::steady_clock::time_point stopped_clock() {
  return {};
}

/// A whole run of fakes in a folder of its own: what a pipeline test changes, it changes here.
class FakeRun {
 public:
  explicit FakeRun(std::vector<StageKind> stages) {
    setup.stages = std::move(stages);
    setup.pretrain.steps = setup.sft.steps = setup.rl.steps = 4;
    setup.pretrain.validate_every = setup.sft.validate_every = 2;
    setup.rl.validate_every = 2;
    setup.rl.prompts = 3;
    setup.rl.group_size = 4;
    setup.rl.advantage = "grpo";
    setup.run.checkpoint_every = 2;
    setup.crew.make_engine = [] { return std::make_unique<FakeEngine>(); };
    setup.crew.make_learner = [](LearnerRanks) { return std::make_unique<FakeLearner>(); };
    setup.crew.reward = reward;
    setup.weights = std::make_shared<const WeightSet>(fake_weights(1));
    setup.write_model = [](const std::string& place, const WeightSet& weights) {
      return write_safetensors(place + "/model.safetensors", weights);
    };
    setup.on_warning = [this](const std::string& sentence) { warnings.push_back(sentence); };
    setup.stop_requested = [this] { return --steps_left < 0; };
    set_sources();
  }

  /// Opens the run directory, again for each process that the test plays.
  void open(bool resume = false) {
    directory.reset();
    auto opened = RunDirectory::open({folder.path(), "run", "steps: 4\n", resume});
    NELUMBO_CHECK(opened.ok()) << opened.error().message;
    directory = std::move(opened).value();
    setup.directory = directory.get();
  }

  TemporaryFolder folder;
  std::unique_ptr<RunDirectory> directory;
  std::shared_ptr<FakeReward> reward = std::make_shared<FakeReward>();
  PipelineSetup setup;
  std::vector<std::string> warnings;
  std::vector<Occasion> judged;
  int64_t steps_left = 1000;         ///< until the stop signal comes
  std::vector<double> values;        ///< of each rl validation in turn; then 0
  std::vector<double> token_values;  ///< of each token validation in turn; then 1

 private:
  static double take(std::vector<double>& values, double last) {
    if (values.empty())
      return last;
    const double value = values.front();
    values.erase(values.begin());
    return value;
  }

  void set_sources() {
    PipelineSources& sources = setup.sources;
    sources.token_batch = [](StageKind kind, int64_t step) {
      const auto token = static_cast<int32_t>(step + 10 * static_cast<int>(kind) + 1);
      return std::vector<TrainingGroup>{{{token}, {}, {}}};
    };
    sources.token_validation = [](StageKind) { return std::vector<TrainingGroup>{{{1}, {}, {}}}; };
    sources.judge_tokens = [this](StageKind, const Metrics&, const Predictions&) {
      const double value = take(token_values, 1);
      return Judgement{{{"eval/caption/recall", value}}, value};
    };
    sources.rl_prompts = [](int64_t step, int64_t round, int64_t count) {
      std::vector<std::shared_ptr<const Prompt>> prompts;
      for (int64_t i = 0; i < count; ++i)
        prompts.push_back(fake_prompt("train/" + std::to_string(step) + "/" +
                                      std::to_string(round) + "/" + std::to_string(i)));
      return prompts;
    };
    sources.evaluation = [](Occasion) {
      EvaluationPass greedy{"greedy", {fake_prompt("val/0"), fake_prompt("val/1")}, 1, {}};
      greedy.sampling.temperature = 0;
      return std::vector<EvaluationPass>{greedy};
    };
    sources.judge_answers = [this](const EvaluationPlace& place,
                                   const std::vector<EvaluationAnswers>&) {
      judged.push_back(place.occasion);
      const double value = place.occasion == Occasion::kValidation ? take(values, 0) : 0;
      return Judgement{{{"eval/locate/iou", value}}, value};
    };
  }
};

}  // namespace nelumbo

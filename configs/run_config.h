// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/config.h"
#include "base/error.h"
#include "base/fields.h"
#include "corpus/config.h"
#include "evaluation/config.h"
#include "learner/config.h"
#include "model/config.h"
#include "reward/config.h"
#include "rollout/config.h"

namespace nelumbo {

/// The policy to train: one of a shape, from nothing, or an open model.
struct ModelChoice : ModelConfig {
  std::string from;
  std::string dtype = "fp32";

  template <class V>
  void fields(V& v) {
    v(from, "from",
      "An open model to start from: a Hugging Face directory, a GGUF file, a run. Its stages are "
      "filter, sft, rl and evaluate, on the conversations of 'chat', and reward_model and dpo, on "
      "the pairs of 'preferences'; the keys below do nothing. "
      "Empty: a policy of that shape, from nothing.");
    v(dtype, "dtype",
      "Of an open model: what its matrices are stored and multiplied in, by rollout actors and "
      "learner alike; sums, and what the learner steps on, are fp32.",
      OneOf{"fp32", "bf16"});
    ModelConfig::fields(v);
  }

  Result<void> validate() const { return from.empty() ? ModelConfig::validate() : Result<void>(); }
};

/// Everything a run can be told, in one place. Each actor gets its own slice, never this struct.
struct RunConfig {
  RunPlaceConfig run;
  PlacementConfig placement;
  DataConfig data;
  TokenizerConfig tokenizer;
  ModelChoice model;
  ChatConfig chat;
  PreferenceDataConfig preferences;
  std::vector<std::string> pipeline = {"pretrain", "sft", "rl", "evaluate"};
  CurateConfig curate;
  FilterConfig filter;
  TokenStageConfig pretrain;
  MidtrainConfig midtrain;
  TokenStageConfig sft;
  PreferenceConfig reward_model;
  PreferenceConfig prm;
  DpoConfig dpo;
  EngineConfig engine;
  Sampling sampling;
  RewardConfig reward;
  TaskConfig tasks;
  RlConfig rl;
  EvaluateConfig evaluate;
  FaultConfig faults;

  template <class V>
  void fields(V& v) {
    v(run, "run", "The name and the place of the run.");
    v(placement, "placement", "Which actors the run has, and how long each may take.");
    v(data, "data", "Where the data lies and how much of it is used.");
    v(tokenizer, "tokenizer", "How the tokenizer is trained.");
    v(model, "model", "The policy.");
    v(chat, "chat", "The conversations that an open model is trained on.");
    v(preferences, "preferences", "The pairs of answers that an open model is trained on.");
    v(pipeline, "pipeline",
      "Stages in order: curate, pretrain, midtrain, sft, reward_model, prm, dpo, rl, evaluate; of "
      "an open model filter, sft, reward_model, dpo, rl, evaluate.",
      NotEmpty{});
    v(curate, "curate", "Stage: cleaned texts, entities, multi-hop questions, tokenizer.");
    v(filter, "filter", "Stage: which conversations the policy solves now and then.");
    v(pretrain, "pretrain", "Stage: next-token training on dense captions of regions and texts.");
    v(midtrain, "midtrain", "Stage: next-token training on chains of thought.");
    v(sft, "sft", "Stage: next-token training on supervised items.");
    v(reward_model, "reward_model", "Stage: a model that scores answers, from pairs of them.");
    v(prm, "prm", "Stage: a model that judges the steps of chains of thought.");
    v(dpo, "dpo", "Stage: direct preference optimization on pairs of answers.");
    v(engine, "engine", "How a rollout engine works.");
    v(sampling, "sampling", "How answers are drawn.");
    v(reward, "reward", "Which reward specification scores the answers.");
    v(tasks, "tasks", "What the prompts of the stage rl are about.");
    v(rl, "rl", "Stage: group-relative reinforcement learning.");
    v(evaluate, "evaluate", "Stage: evaluation on the validation pictures.");
    v(faults, "faults", "Plants a fault, to rehearse supervision.");
  }

  bool has_stage(const std::string& stage) const;
  bool has_any_stage(const std::vector<std::string>& stages) const;
  /// Checks that need two sections, and the names of the stages.
  Result<void> validate() const;

 private:
  Result<void> check_stages() const;
  Result<void> check_recipe() const;
  Result<void> check_chat() const;
  std::optional<std::string> key_that_needs_texts() const;
};

/// The largest file that is read as a configuration.
constexpr int64_t kMaxConfigBytes = 1'000'000;

/// Reads `yaml`, then the overrides ("rl.optimizer.lr=1e-5", later ones win), over the defaults.
/// The message of an error has one line for each thing that is wrong:
///
///     FILE:LINE:COL: key.path: reason (did you mean 'x'?)
///     --set key.path=value: key.path: reason
Result<RunConfig> parse_run_config(const std::string& yaml, const std::string& file,
                                   const std::vector<std::string>& overrides = {});

/// The same for a file on the disk.
Result<RunConfig> read_run_config(const std::string& path,
                                  const std::vector<std::string>& overrides = {});

/// Everything that is wrong with a file and its overrides, in the order of the text, overrides
/// last.
std::vector<Error> check_run_config(const std::string& path,
                                    const std::vector<std::string>& overrides = {});

/// docs/config.md: every key with its default, its check and its help.
std::string describe_run_config();

/// Every key with its value, as YAML that reads back as the same configuration.
std::string resolved_yaml(const RunConfig& config);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/checkpoint.h"
#include "actors/config.h"
#include "actors/ledger.h"
#include "actors/run_directory.h"
#include "actors/stage_cache.h"
#include "base/error.h"
#include "corpus/training_group.h"
#include "learner/learner.h"
#include "learner/shards.h"
#include "reward/config.h"
#include "reward/reloading_spec.h"
#include "reward/reward.h"
#include "rollout/engine.h"

// What a run is given and what it gives back, as plain values and functions: no actor is seen here.
// `actors/system.h` has the one call that runs it.

namespace nelumbo {

enum class StageKind {
  kPretrain,
  kMidtrain,
  kSft,
  kRl,
  kEvaluate,
  kFilter,
  kDpo,
  kRewardModel,
  kPrm
};

/// "pretrain", "midtrain", "sft", "rl", "evaluate", "filter", "dpo", "reward_model", "prm".
std::string stage_name(StageKind kind);
Result<StageKind> stage_kind(const std::string& name);

/// What worker processes are told of a run; they read the rest themselves.
struct WorkerTask {
  std::string config;       ///< resolved, as YAML
  std::string config_path;  ///< where that was read: paths inside it may be relative to its folder
};

/// Who works: what each actor owns and how many there are. The makers are called on the thread of
/// the actor that will own the result, again for each replacement of a failed one.
struct CrewSetup {
  std::function<std::unique_ptr<Engine>()> make_engine;
  /// For each rank. Empty: nothing is trained.
  std::function<std::unique_ptr<Learner>(LearnerRanks)> make_learner;
  std::shared_ptr<const RewardSpec> reward;
  /// Takes up an edited specification, as ReloadingSpec::refresh() does. Empty: it stays as it is.
  std::function<Result<std::optional<SpecChange>>()> refresh_reward = {};
  PlacementConfig placement;
  FaultConfig fault;
  int64_t slots = 256;  ///< samples that one rollout actor holds: twice the engine's batch
  WorkerTask task;      ///< for processes of their own
};

/// When an evaluation happens.
enum class Occasion {
  kValidation,  ///< inside the rl stage, every rl.validate_every steps and at its end
  kBefore,      ///< at the start of the rl stage, when an evaluate stage follows
  kAfter,       ///< the evaluate stage
};

/// One pass over prompts: "greedy", "sampled", "blank", "no_tool", "shuffled".
struct EvaluationPass {
  std::string name;
  std::vector<std::shared_ptr<const Prompt>> prompts;
  int32_t samples = 1;
  Sampling sampling;
};

/// What a mode gave: group i answers prompt i.
struct EvaluationAnswers {
  std::string mode;
  std::vector<ScoredGroup> groups;
};

struct EvaluationPlace {
  Occasion occasion = Occasion::kAfter;
  int64_t step = 0;  ///< numbered on across stages
};

/// What a validation says: metrics under their full names ("eval/locate/iou") and the one number
/// that decides (token stages: the recall that `min_recall` gates; rl: what the best checkpoint is
/// best in; larger is better).
struct Judgement {
  Metrics metrics;
  double value = 0;
};

/// What a stage on preferences learns from: the first `train` pairs are trained on, the others are
/// held out.
struct PreferencePairs {
  PreferenceBatch all;
  int64_t train = 0;
};

using Predictions = std::vector<std::vector<std::vector<int32_t>>>;

/// Where data comes from. Every source is a pure function of its arguments, which is what makes a
/// resumed run equal to one that was never stopped. `step` counts from 0 inside the stage.
struct PipelineSources {
  /// The batch of a step. Called from a helper thread, one call at a time, one step ahead. Those of
  /// midtrain may use the kept traces from step `midtrain.steps` on, where all draws lie behind.
  std::function<Result<std::vector<TrainingGroup>>(StageKind, int64_t step)> token_batch;
  /// What a token stage is validated on; asked once per stage.
  std::function<std::vector<TrainingGroup>(StageKind)> token_validation;
  /// Reads what `Learner::validate_tokens` gave on those groups.
  std::function<Judgement(StageKind, const Metrics&, const Predictions&)> judge_tokens;
  /// What midtrain draws traces for; asked once for each draw.
  std::function<std::vector<std::shared_ptr<const Prompt>>()> trace_prompts;
  /// Holds the answers of draw `draw` (from 0) against the gates and keeps what passes, in the
  /// run's directory, so that batches of the later steps find it also after a stop. Says the
  /// counts, midtrain/accepted among them.
  std::function<Result<Metrics>(int64_t draw, const std::vector<ScoredGroup>&)> keep_traces;
  /// Whether that draw was kept, by this process or before a stop.
  std::function<bool(int64_t draw)> traces_kept;
  /// The prompts that a step of filter tries.
  std::function<std::vector<std::shared_ptr<const Prompt>>(int64_t step)> filter_prompts;
  /// Keeps in the run's directory how often each was answered right; what of it is within the range
  /// is what later stages see. Says filter/{prompts,kept,pass_rate} so far.
  std::function<Result<Metrics>(const std::vector<ScoredGroup>&)> keep_pass_rates;
  /// What a stage on preferences learns from; asked once for each.
  std::function<Result<PreferencePairs>(StageKind)> preferences;
  /// Which of `train` pairs stand at the places [first, first + count) of the stage's order.
  std::function<std::vector<int64_t>(StageKind, int64_t first, int64_t count, int64_t train)>
      preference_order;
  /// `count` prompts for a round of a step; round 0 is the step's own, later ones refill.
  std::function<std::vector<std::shared_ptr<const Prompt>>(int64_t step, int64_t round,
                                                           int64_t count)>
      rl_prompts;
  /// In a run that repeats another one: the groups that a step of rl was made of there, in their
  /// order, with the versions that drew them. None: nothing is repeated.
  std::function<Result<std::vector<ScoredGroup>>(int64_t step)> rl_groups;
  std::function<std::vector<EvaluationPass>(Occasion)> evaluation;
  std::function<Judgement(const EvaluationPlace&, const std::vector<EvaluationAnswers>&)>
      judge_answers;
};

struct PipelineSetup {
  std::vector<StageKind> stages;
  RunPlaceConfig run;
  TokenStageConfig pretrain;
  MidtrainConfig midtrain;
  TokenStageConfig sft;
  DpoConfig dpo;
  PreferenceConfig reward_model;
  PreferenceConfig prm;
  int64_t filter_steps = 0;    ///< until all prompts are tried
  int32_t filter_samples = 1;  ///< answers to each
  RlConfig rl;
  Sampling rl_sampling;
  RewardConfig reward;
  CrewSetup crew;
  PipelineSources sources;
  /// Held by the caller. Its newest verified checkpoint is resumed from if it existed before.
  RunDirectory* directory = nullptr;
  /// Resumes from this checkpoint directory instead.
  std::optional<std::string> resume_from;
  /// Finished stages that need not be computed again; none: every stage is.
  std::optional<StageCache> cache;
  std::shared_ptr<const WeightSet> weights;  ///< to start from
  /// Into an empty folder.
  CheckpointStore::ModelWriter write_model;
  /// Writes a score model as a Hugging Face directory into an empty folder, with what its last
  /// validation said.
  std::function<Result<void>(const std::string& folder, StageKind, const WeightSet&,
                             const Metrics& validation)>
      write_score_model;
  /// What of a step's groups goes into traces/<stage>/step_<n>; nothing: no file. Called from the
  /// monitor's thread. Empty: all groups, as `to_trace` gives them.
  std::function<std::vector<nlohmann::json>(const std::string& stage, int64_t step,
                                            const std::vector<ScoredGroup>&)>
      traces;
  /// What the caller's clock adds to a line of metrics of a stage, when its step has ended. May be
  /// empty.
  std::function<Metrics(const std::string& stage)> clock;
  /// Sees each line of metrics, for progress; called from the monitor's thread. May be empty.
  std::function<void(const MetricsLine&)> on_metrics;
  /// Says what people want to know and need not mend. May be empty.
  std::function<void(const std::string&)> on_notice;
  /// Says warnings to people; called from any thread, one call at a time. May be empty.
  std::function<void(const std::string&)> on_warning;
  /// Polled between steps: true commits a checkpoint and ends the run as kPreempted.
  std::function<bool()> stop_requested;
};

/// Steps that a stage is given; an evaluation is one step.
int64_t planned_steps(const PipelineSetup& setup, StageKind stage);

/// What became of a stage.
struct StageReport {
  std::string name;
  int64_t planned = 0;
  int64_t done = 0;
  bool reused = false;  ///< another run computed it
  Metrics last;         ///< the latest validation's metrics
};

/// What became of a run.
struct PipelineReport {
  Result<void> end;  ///< kPreempted: stopped behind a committed checkpoint
  std::vector<StageReport> stages;
  bool begun = false;    ///< the stages were; else nothing is known of steps, weights and restarts
  bool counted = false;  ///< the ledger could be; else `ledger` says nothing
  int64_t steps = 0;     ///< of all stages
  std::shared_ptr<const WeightSet> weights;
  std::string weights_hash;  ///< empty when the run ended before it had weights
  LedgerCounts ledger;
  int64_t restarts = 0;  ///< rollout actors that were replaced
};

}  // namespace nelumbo

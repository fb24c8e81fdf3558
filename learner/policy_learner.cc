// SPDX-License-Identifier: Apache-2.0
#include "learner/policy_learner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <ATen/Parallel.h>
#include <ATen/ops/from_blob.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "base/check.h"
#include "learner/advantages.h"
#include "learner/health.h"
#include "learner/losses.h"
#include "learner/packing.h"
#include "learner/rank_share.h"
#include "learner/ranked_policy.h"
#include "learner/schedule.h"
#include "learner/step_guard.h"
#include "learner/step_sums.h"
#include "learner/train_ops.h"
#include "model/row_places.h"

namespace nelumbo {
namespace {

constexpr const char* kHealthTensor = "health.entropy_floor";
constexpr const char* kGuardTensor = "health.step_guard";

class PolicyLearner : public Learner {
 public:
  /// `score`: the head of a score model; none: a policy.
  PolicyLearner(const Network& network, const WeightSet& weights, Team& team, uint64_t seed,
                LearnerRanks ranks, std::optional<LinearSlot> score)
      : policy_(network, weights, team, seed, std::move(ranks), score), score_(score) {
    at::set_num_threads(1);  // parallel work goes through the team alone
  }

  Result<Metrics> train_tokens(std::span<const TrainingGroup> groups,
                               const TokenStageConfig& config, StepPlace place) override;
  Result<Metrics> validate_tokens(
      std::span<const TrainingGroup> groups,
      std::vector<std::vector<std::vector<int32_t>>>* predictions) override;
  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                               StepPlace place) override;
  Result<Metrics> train_preferences(const PreferenceJob& job) override;
  Result<PreferenceScores> score_preferences(const PreferenceJob& job) override;
  Result<std::shared_ptr<const WeightSet>> score_model(PreferenceKind /*kind*/) override {
    return weights();
  }
  Result<std::shared_ptr<const WeightSet>> weights() override;
  void restart(const WeightSet& weights) override;
  Result<WeightSet> state() override;
  Result<void> restore(const WeightSet& state) override;

 private:
  PackOptions pack_options(int64_t max_tokens);
  const LearnerRanks& ranks() const { return policy_.ranks(); }
  /// This rank's share of a step.
  RankShare share_of(std::span<const TrainingGroup> groups, const PackOptions& options) const {
    return rank_share(groups, options, ranks().group->rank(), ranks().group->size());
  }
  /// Passes batches forward alone. One rank computes all; others help it where it does not hold the
  /// policy whole.
  Result<void> look_at(std::span<const TrainingGroup> groups, const PackOptions& options,
                       const BatchWork& work);
  /// Log-probs of the targets of a policy, scores of a score model, of final hidden states: [S].
  at::Tensor values_at(const at::Tensor& hidden);
  /// This rank's part of the gradients; the sums are of all ranks.
  Result<StepSums> gather(std::span<const TrainingGroup> groups, const PackOptions& options,
                          const LossOptions& loss, float inverse_temperature);
  /// Adds one micro-batch's gradients and sums; log-probs are of logits * inverse_temperature.
  void accumulate(const PackedBatch& batch, const at::Tensor& hidden, const LossOptions& loss,
                  float inverse_temperature, StepSums& sums);
  /// Applies the gathered gradients; metrics that every kind of step has.
  Result<Metrics> finish_step(const OptimizerConfig& config, const GuardConfig& guard,
                              StepPlace place, const StepSums& sums);

  RankedPolicy policy_;
  std::optional<LinearSlot> score_;
  StepGuard guard_;
  std::optional<EntropyFloor> floor_;  ///< of the rl stage, once it has begun
  std::vector<float> saved_floor_;     ///< restored before the stage's configuration is known
};

PackOptions PolicyLearner::pack_options(int64_t max_tokens) {
  const ModelConfig& c = policy_.ops().network().config;
  return {.image_token_id = c.image_token_id, .layout = row_layout(c), .max_tokens = max_tokens};
}

Result<StepSums> PolicyLearner::gather(std::span<const TrainingGroup> groups,
                                       const PackOptions& options, const LossOptions& loss,
                                       float inverse_temperature) {
  const RankShare share = share_of(groups, options);
  StepSums sums;
  auto done =
      policy_.each_batch(share.batches, [&](const PackedBatch& batch, const at::Tensor& hidden) {
        accumulate(batch, hidden, loss, inverse_temperature, sums);
      });
  if (done)
    done = exchange(sums, share.tasks, *ranks().group, ranks().deadline());
  if (!done)
    return done.error();
  return sums;
}

void PolicyLearner::accumulate(const PackedBatch& batch, const at::Tensor& hidden,
                               const LossOptions& loss, float inverse_temperature, StepSums& sums) {
  const auto heads = policy_.ops().head(hidden, inverse_temperature);
  const std::span<const float> logprobs = values_of(heads[0]);
  const std::span<const float> entropies = values_of(heads[1]);
  BatchLoss result = batch_loss({.weights = batch.weights,
                                 .logprobs = logprobs,
                                 .entropies = entropies,
                                 .advantages = batch.advantages,
                                 .old_logprobs = batch.old_logprobs},
                                loss);
  add_loss(batch, result, entropies, sums);
  add_tasks(batch, logprobs, sums);
  if (!heads[0].requires_grad())
    return;  // what is trained, a tower say, has no part in this batch
  result.dentropy.resize(batch.targets.size(), 0);
  const auto count = std::ssize(batch.targets);
  torch::autograd::backward({heads[0], heads[1]}, {at::from_blob(result.dlogprob.data(), {count}),
                                                   at::from_blob(result.dentropy.data(), {count})});
}

Result<Metrics> PolicyLearner::finish_step(const OptimizerConfig& config, const GuardConfig& guard,
                                           StepPlace place, const StepSums& sums) {
  const auto norm_found = policy_.sum_gradients();
  if (!norm_found)
    return norm_found.error();
  const double norm = norm_found.value();
  const double lr = learning_rate(config, place.step, place.steps);
  Metrics metrics = step_metrics(sums);
  metrics["optim/grad_norm"] = norm;
  metrics["optim/lr"] = lr;
  auto admitted = guard_.admit({sums.loss, norm, sums.mean_kl()}, guard, &metrics);
  if (!admitted)
    return admitted.error();
  if (admitted.value())
    if (auto done = policy_.step(config, lr, norm); !done)
      return done.error();
  return metrics;
}

Result<Metrics> PolicyLearner::train_tokens(std::span<const TrainingGroup> groups,
                                            const TokenStageConfig& config, StepPlace place) {
  if (auto ready = policy_.begin_step(config.training); !ready)
    return ready.error();
  const auto sums = gather(groups, pack_options(config.max_tokens), {}, 1);
  if (!sums)
    return sums.error();
  return finish_step(config.optimizer, config.training.guard, place, sums.value());
}

Result<void> PolicyLearner::look_at(std::span<const TrainingGroup> groups,
                                    const PackOptions& options, const BatchWork& work) {
  const torch::autograd::AutoGradMode no_gradients(false);
  const bool helps = ranks().full() && ranks().group->rank() != 0;
  return policy_.each_batch(helps ? std::vector<PackedBatch>() : pack(groups, options), work);
}

Result<Metrics> PolicyLearner::validate_tokens(
    std::span<const TrainingGroup> groups,
    std::vector<std::vector<std::vector<int32_t>>>* predictions) {
  predictions->assign(groups.size(), {});
  for (size_t g = 0; g < groups.size(); ++g)
    (*predictions)[g].resize(groups[g].items.size());
  StepSums sums;
  const auto add = [&](const PackedBatch& batch, const at::Tensor& hidden) {
    add_tasks(batch, values_of(policy_.ops().head(hidden, 1)[0]), sums);
    const std::vector<int32_t> likeliest = policy_.ops().likeliest(hidden);
    for (size_t s = 0; s < likeliest.size(); ++s) {
      const auto g = static_cast<size_t>(batch.group[s]);
      (*predictions)[g][static_cast<size_t>(batch.item[s])].push_back(likeliest[s]);
      sums.tasks[batch.tasks[static_cast<size_t>(batch.task[s])]].right +=
          likeliest[s] == batch.targets[s] ? 1 : 0;
    }
  };
  if (auto done = look_at(groups, pack_options(16384), add); !done)
    return done.error();
  Metrics metrics;
  for (const auto& [task, t] : sums.tasks) {
    metrics["loss/" + task] = t.loss / t.tokens;
    metrics["accuracy/" + task] = t.right / t.tokens;
  }
  return metrics;
}

Result<Metrics> PolicyLearner::train_policy(std::span<const ScoredGroup> groups,
                                            const RlConfig& config, StepPlace place) {
  if (!floor_) {
    floor_.emplace(config.entropy_bonus, config.entropy_floor);
    if (!saved_floor_.empty())
      if (auto ok = floor_->restore(saved_floor_); !ok)
        return ok.error();
  }
  AdvantageStats stats;
  const std::vector<TrainingGroup> items = policy_training_groups(groups, config, stats);
  PackOptions options = pack_options(config.max_tokens);
  options.aggregation = aggregation_of(config.aggregation);
  options.loss_length = config.loss_length;
  if (items.empty())  // moments and decay would move the weights without a gradient
    return Metrics{{"optim/skipped", static_cast<double>(guard_.skipped())}};
  if (auto ready = policy_.begin_step(config.training); !ready)
    return ready.error();
  const auto gathered = gather(items, options, loss_options(config, floor_->bonus()),
                               groups.front().group->inverse_temperature);
  if (!gathered)
    return gathered.error();
  const StepSums& sums = gathered.value();
  const bool same_policy =
      config.max_staleness == 0 &&
      std::ranges::all_of(groups, [](const ScoredGroup& one) { return one.group->exact; });
  NELUMBO_CHECK(sums.mismatch == 0 || !same_policy)
      << "rollout and learner disagree on a log-prob by " << sums.mismatch << " at step "
      << place.step;
  auto metrics = finish_step(config.optimizer, config.training.guard, place, sums);
  if (!metrics)
    return metrics;
  Metrics& m = metrics.value();
  const auto targets = static_cast<double>(std::max<int64_t>(sums.targets, 1));
  m.merge(mismatch_metrics(sums, same_policy));
  m["policy/clip_frac"] = static_cast<double>(sums.clipped) / targets;
  m["policy/adv_abs_max"] = stats.abs_max;
  m["policy/entropy_bonus"] = floor_->bonus();
  m["policy/trajectories"] = static_cast<double>(stats.trajectories);
  m["policy/entropy_alarm"] =
      sums.targets > 0 && floor_->see(sums.entropy / targets).has_value() ? 1 : 0;
  m["policy/entropy_below"] = static_cast<double>(floor_->below());
  return metrics;
}

at::Tensor PolicyLearner::values_at(const at::Tensor& hidden) {
  return score_ ? scores_of(policy_.ops(), hidden, *score_) : policy_.ops().head(hidden, 1)[0];
}

Result<Metrics> PolicyLearner::train_preferences(const PreferenceJob& job) {
  if (auto ready = policy_.begin_step(job.config.training); !ready)
    return ready.error();
  PackOptions options = pack_options(job.config.max_tokens);
  options.whole_groups = true;
  const RankShare share = share_of(job.batch.groups, options);
  StepSums sums;
  const auto add = [&](const PackedBatch& batch, const at::Tensor& hidden) {
    const at::Tensor values = values_at(hidden);
    PreferenceLoss loss = preference_loss(job, batch, values_of(values), sums);
    sums.loss += loss.loss;
    sums.rows += std::ssize(batch.tokens);
    if (values.requires_grad())
      torch::autograd::backward({values}, {at::from_blob(loss.gradient.data(), values.sizes())});
  };
  if (auto done = policy_.each_batch(share.batches, add); !done)
    return done.error();
  if (auto done = exchange(sums, preference_sums(), *ranks().group, ranks().deadline()); !done)
    return done.error();
  const Metrics said = preference_metrics(sums);
  sums.tasks.clear();
  auto metrics = finish_step(job.config.optimizer, job.config.training.guard, job.place, sums);
  if (metrics)
    metrics.value().insert(said.begin(), said.end());
  return metrics;
}

Result<PreferenceScores> PolicyLearner::score_preferences(const PreferenceJob& job) {
  PackOptions options = pack_options(job.config.max_tokens);
  options.whole_groups = true;
  PreferenceScores scores;
  const auto add = [&](const PackedBatch& batch, const at::Tensor& hidden) {
    add_scores(job, batch, values_of(values_at(hidden)), &scores);
  };
  if (auto done = look_at(job.batch.groups, options, add); !done)
    return done.error();
  return scores;
}

Result<std::shared_ptr<const WeightSet>> PolicyLearner::weights() {
  auto weights = policy_.weights();
  if (!weights)
    return weights.error();
  return std::make_shared<const WeightSet>(std::move(weights).value());
}

void PolicyLearner::restart(const WeightSet& weights) {
  policy_.restart(weights);
  guard_ = {};
  floor_.reset();
  saved_floor_.clear();
}

Result<WeightSet> PolicyLearner::state() {
  auto all = policy_.state();
  if (!all || all.value().empty())
    return all;
  const auto add = [&](const char* name, std::vector<float> values) {
    const int64_t size = std::ssize(values);
    all.value().push_back({name, {size}, std::move(values)});
  };
  add(kGuardTensor, guard_.state());
  add(kHealthTensor, floor_ ? floor_->state() : saved_floor_);
  return all;
}

Result<void> PolicyLearner::restore(const WeightSet& state) {
  WeightSet weights;
  std::vector<float> guard;
  saved_floor_.clear();
  for (const NamedTensor& tensor : state) {
    if (tensor.name == kGuardTensor)
      guard = tensor.values;
    else if (tensor.name == kHealthTensor)
      saved_floor_ = tensor.values;
    else if (!RankedPolicy::owns(tensor.name))
      weights.push_back(tensor);
  }
  floor_.reset();
  if (auto done = policy_.restore(std::move(weights), state); !done)
    return done;
  return guard_.restore(guard);
}

}  // namespace

/// make_network_learner(), for learner/torch_library.h.
extern "C" std::unique_ptr<Learner> nelumbo_torch_learner(const Network& network,
                                                          const WeightSet& weights, Team& team,
                                                          uint64_t seed, LearnerRanks ranks,
                                                          std::optional<LinearSlot> score) {
  return std::make_unique<PolicyLearner>(network, weights, team, seed, std::move(ranks), score);
}

}  // namespace nelumbo

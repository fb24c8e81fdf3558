// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_stage.h"

#include <algorithm>
#include <utility>

#include "actors/evaluate_stage.h"
#include "actors/rl_metrics.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

std::string percent(double rate) {
  return std::to_string(static_cast<int64_t>(rate * 100)) + " %";
}

}  // namespace

RlStage::RlStage(StageContext& context)
    : context_(context),
      config_(context.setup().rl),
      batches_(make_rl_batches(context)),
      alarm_(context.setup().rl.zero_spread_alarm) {}

Result<void> RlStage::run() {
  if (auto done = begin(); !done)
    return done;
  while (context_.state().stage_step < config_.steps) {
    if (context_.stop_requested()) {
      auto kept = batches_->keep();
      return kept ? context_.preempt() : kept;
    }
    if (auto done = step(); !done)
      return done;
  }
  auto done = batches_->end();
  return done ? end_with_best() : done;
}

Result<void> RlStage::begin() {
  RunState& state = context_.state();
  if (auto done = alarm_.restore(state.zero_spread); !done)
    return done;
  if (auto done = batches_->take_over(); !done)
    return done;
  Metrics shown;
  if (auto done = batches_->publish(shown); !done)
    return done;
  if (state.stage_step > 0)
    return {};
  const auto& stages = context_.setup().stages;
  const bool compared = std::find(stages.begin() + state.stage_index, stages.end(),
                                  StageKind::kEvaluate) != stages.end();
  if (compared)
    if (auto done = evaluate(context_, Occasion::kBefore); !done)
      return done.error();
  auto best = validate(shown);
  if (!best)
    return best.error();
  if (!best.value())
    return {};
  auto done = checkpoint();
  if (!context_.is_saved())
    state.best.reset();
  return done;
}

Result<void> RlStage::step() {
  const auto start = context_.now();
  Metrics metrics;
  auto gathered = batches_->next(metrics);
  if (!gathered)
    return gathered.error();
  RlBatch& batch = gathered.value();
  merge(metrics, group_metrics(batch.all));
  merge(metrics, staleness_metrics(batch.kept, PolicyVersion{context_.state().version},
                                   config_.max_staleness > 1));
  metrics["reward/zero_spread_groups"] = static_cast<double>(batch.zero_spread);
  metrics["rollout/groups"] = static_cast<double>(batch.all.size());
  kill_point("rl/gathered");
  if (auto done = train(batch, metrics); !done)
    return done;
  kill_point("rl/committed");
  const auto all = share(std::move(batch.all));
  context_.crew().trace(context_.state().stage, context_.state().step, all);
  const auto best_before = context_.state().best;
  auto best = validate(metrics);
  if (!best)
    return best.error();
  kill_point("rl/validated");
  metrics["time/step"] = context_.seconds_since(start);
  const double seconds = metrics[lags() ? "time/step" : "time/rollout"];
  metrics["perf/tokens_per_s"] =
      seconds > 0 ? static_cast<double>(sampled_tokens(*all)) / seconds : 0;
  if (auto done = context_.report(std::move(metrics)); !done)
    return done;
  if (auto done = watch(*all, batch.zero_spread); !done)
    return done;
  if (!best.value())
    return checkpoint_if_due();
  auto done = checkpoint();
  if (!context_.is_saved())
    context_.state().best = best_before;  // weights that are not on the disk cannot be gone back to
  return done;
}

/// One learner step, and the new weights at every rollout actor that has nothing to do. With
/// nothing to learn from, the weights stay and the step is counted as skipped.
Result<void> RlStage::train(const RlBatch& batch, Metrics& metrics) {
  const int64_t step = context_.state().stage_step;
  const auto start = context_.now();
  if (batch.kept.empty()) {
    metrics["optim/skipped"] = 1;
    context_.advance(false);
    return {};
  }
  auto trained = context_.crew().train_policy({batch.kept, config_, {step, config_.steps}});
  const auto drop = [&] {
    for (const ScoredGroup& group : batch.kept)
      batches_->note(group, Fate::kDropped, 0, "its step was not applied");
  };
  if (!trained) {
    drop();
    return context_.failed_step(trained.error(), config_.training.guard);
  }
  kill_point("rl/trained");
  merge(metrics, trained.value());
  metrics["time/train"] = context_.seconds_since(start);
  entropy_below_ = metrics["policy/entropy_below"];
  const auto applied = context_.heed_guard(trained.value(), config_.training.guard);
  if (!applied || !applied.value())
    drop();
  if (!applied)
    return applied.error();
  if (applied.value())
    for (const ScoredGroup& group : batch.kept)
      batches_->note(group, Fate::kCommitted, context_.state().step + 1);
  context_.advance(applied.value());
  if (!lags())
    if (auto done = batches_->publish(metrics); !done)
      return done;
  kill_point("rl/noted");
  auto counts = context_.commit();
  if (!counts)
    return counts.error();
  metrics["ledger/issued"] = static_cast<double>(counts.value().issued);
  metrics["ledger/committed"] = static_cast<double>(counts.value().committed);
  metrics["ledger/dropped"] = static_cast<double>(counts.value().dropped);
  metrics["ledger/in_flight"] = static_cast<double>(counts.value().in_flight);
  return {};
}

Result<void> RlStage::checkpoint_if_due() {
  if (!context_.checkpoint_due())
    return {};
  if (auto done = batches_->keep(); !done)
    return done;
  return context_.checkpoint_if_due();
}

Result<void> RlStage::checkpoint() {
  if (auto done = batches_->keep(); !done)
    return done;
  return context_.checkpoint();
}

/// The alarms: outcomes that are no scores, and groups that no longer differ.
Result<void> RlStage::watch(const std::vector<ScoredGroup>& answered, int64_t zero_spread) {
  const OutcomeCounts counts = count_outcomes(answered);
  const RewardConfig& limits = context_.setup().reward;
  const std::string place = "rl: step " + std::to_string(context_.state().step) + ": ";
  if (counts.error_rate() > limits.stop_rate)
    return Error{Errc::kDiverged, place + percent(counts.error_rate()) +
                                      " of the outcomes are errors or timeouts, more than "
                                      "reward.stop_rate; see errors/* and the trace"};
  if (counts.no_score_rate() > limits.warn_rate)
    context_.warn(place + percent(counts.no_score_rate()) + " of the outcomes are no scores");
  const auto groups = static_cast<double>(answered.size());
  auto calm = alarm_.see(groups > 0 ? static_cast<double>(zero_spread) / groups : 1);
  context_.state().zero_spread = alarm_.state();
  if (calm)
    calm = watch_entropy(place);
  if (!calm && config_.training.guard.policy == "rollback")
    return context_.roll_back(calm.error().message);
  return calm;
}

/// An entropy that the growing bonus does not bring back: kDiverged, or a line where the guard only
/// warns or skips steps.
Result<void> RlStage::watch_entropy(const std::string& place) {
  const bool collapsed = entropy_below_ >= static_cast<double>(EntropyFloor::kCollapse);
  if (!std::exchange(collapsed_, collapsed) && collapsed) {
    const std::string why = place + "the entropy has been below rl.entropy_floor for " +
                            std::to_string(EntropyFloor::kCollapse) + " steps";
    const std::string& policy = config_.training.guard.policy;
    if (policy == "stop" || policy == "rollback")
      return Error{Errc::kDiverged, why};
    context_.warn(why + "; raise rl.entropy_bonus or lower rl.optimizer.lr");
  }
  return {};
}

/// Validates when it is time; true when these weights are the best so far.
Result<bool> RlStage::validate(Metrics& metrics) {
  RunState& state = context_.state();
  const bool due = state.stage_step % config_.validate_every == 0;
  if (!due && state.stage_step != config_.steps)
    return false;
  if (auto done = batches_->settle(); !done)
    return done.error();
  if (auto done = batches_->publish(metrics); !done)
    return done.error();
  auto judged = evaluate(context_, Occasion::kValidation);
  if (!judged)
    return judged.error();
  if (!judged.value())
    return false;
  const Judgement& judgement = *judged.value();
  validation_ = judgement.metrics;
  merge(metrics, judgement.metrics);
  metrics["eval/value"] = judgement.value;
  state.judged = judgement.value;
  if (state.best && !(judgement.value > state.best->value))
    return false;
  state.best = BestSoFar{judgement.value, state.step};
  return true;
}

Result<void> RlStage::end_with_best() {
  RunState& state = context_.state();
  if (!state.best || !state.judged || !(state.best->value > *state.judged))
    return {};
  auto best = context_.store().load_step(state.best->step);
  if (!best)
    return best.error();
  auto done = context_.crew().restore(share(std::move(best.value().learner_state)));
  if (!done)
    return done;
  ++state.version;
  const bool untouched = state.best->step == state.step - state.stage_step;
  context_.warn("rl: the weights of step " + std::to_string(state.best->step) +
                (untouched ? ", from before rl," : "") + " validated best (" +
                std::to_string(state.best->value) + " against " + std::to_string(*state.judged) +
                " at the end) and are the stage's result");
  state.judged = state.best->value;
  return context_.publish();
}

}  // namespace nelumbo

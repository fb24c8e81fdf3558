// SPDX-License-Identifier: Apache-2.0
#include "actors/stage_loop.h"

#include <utility>

#include "actors/evaluate_stage.h"
#include "actors/filter_stage.h"
#include "actors/midtrain_stage.h"
#include "actors/preference_stage.h"
#include "actors/rl_stage.h"
#include "actors/token_stage.h"
#include "base/kill_point.h"

namespace nelumbo {

StageLoop::StageLoop(StageContext& context, std::optional<Checkpoint> resumed, int64_t reused)
    : context_(context),
      resumed_(std::move(resumed)),
      reused_(reused),
      validations_(context.setup().stages.size()) {}

PipelineReport StageLoop::run() {
  PipelineReport report;
  report.end = run_stages();
  finish(report);
  return report;
}

Result<void> StageLoop::run_stages() {
  if (auto done = begin(); !done)
    return done;
  const auto& stages = context_.setup().stages;
  while (context_.state().stage_index < std::ssize(stages)) {
    const StageKind kind = stages[static_cast<size_t>(context_.state().stage_index)];
    if (auto done = begin_stage(kind); !done)
      return done;
    kill_point("stage/begun");
    if (auto done = context_.leave_out(); !done)
      return done;
    if (auto done = run_stage(kind); !done)
      return done;
    kill_point("stage/run");
    if (auto done = end_stage(); !done)
      return done;
    kill_point("stage/ended");
  }
  return {};
}

Result<void> StageLoop::begin() {
  if (!resumed_)
    return context_.crew().restart(context_.setup().weights);
  kill_point("stage/resumed");
  context_.state() = resumed_->state;
  return context_.crew().restore(share(std::move(resumed_->learner_state)));
}

/// A stage that trains starts with fresh moments, whether or not the run was stopped in between.
/// One of no steps leaves everything as it is, also what of an adapter stands in the last
/// checkpoint.
Result<void> StageLoop::begin_stage(StageKind kind) {
  RunState& state = context_.state();
  state.stage = stage_name(kind);
  if (state.stage_step > 0 || kind == StageKind::kEvaluate || kind == StageKind::kFilter ||
      planned_steps(context_.setup(), kind) == 0)
    return {};
  state.trained_from = state.step;
  auto weights = context_.crew().weights();
  if (!weights)
    return weights.error();
  return context_.crew().restart(weights.value());
}

Result<void> StageLoop::run_stage(StageKind kind) {
  Metrics& validation = validations_[static_cast<size_t>(context_.state().stage_index)];
  const auto run_and_keep = [&](auto stage) {
    auto done = stage.run();
    validation = stage.validation();
    return done;
  };
  switch (kind) {
    case StageKind::kPretrain:
    case StageKind::kSft:
      return run_and_keep(TokenStage(context_, kind));
    case StageKind::kMidtrain:
      return run_and_keep(MidtrainStage(context_));
    case StageKind::kRl:
      return run_and_keep(RlStage(context_));
    case StageKind::kEvaluate:
      return run_and_keep(EvaluateStage(context_));
    case StageKind::kFilter:
      return run_and_keep(FilterStage(context_));
    case StageKind::kDpo:
    case StageKind::kRewardModel:
    case StageKind::kPrm:
      return run_and_keep(PreferenceStage(context_, kind));
  }
  return Error{Errc::kInvalidConfig, "pipeline: unknown stage"};
}

Result<void> StageLoop::end_stage() {
  RunState& state = context_.state();
  state.stage_steps.push_back(state.stage_step);
  const int64_t index = state.stage_index++;
  state.stage_step = 0;
  state.best.reset();
  state.judged.reset();
  state.zero_spread.clear();
  state.reference.clear();
  return context_.checkpoint_stage(index);
}

void StageLoop::describe_stages(PipelineReport& report) const {
  const auto& stages = context_.setup().stages;
  const RunState& state = context_.state();
  for (size_t i = 0; i < stages.size(); ++i) {
    int64_t done = i < state.stage_steps.size() ? state.stage_steps[i] : 0;
    if (static_cast<int64_t>(i) == state.stage_index)
      done = state.stage_step;
    const bool reused = static_cast<int64_t>(i) < reused_;
    report.stages.push_back({stage_name(stages[i]), planned_steps(context_.setup(), stages[i]),
                             done, reused, validations_[i]});
  }
}

void StageLoop::finish(PipelineReport& report) {
  if (auto settled = context_.settle(); !settled && report.end.ok())
    report.end = settled.error();
  auto counts = context_.crew().commit();
  kill_point("stage/finished");
  report.begun = true;
  report.counted = counts.ok();
  if (counts)
    report.ledger = counts.value();
  else if (report.end.ok())
    report.end = counts.error();
  describe_stages(report);
  report.steps = context_.state().step;
  report.restarts = context_.state().restarts;
  if (auto weights = context_.crew().weights(); weights) {
    report.weights = weights.value();
    report.weights_hash = weights_hash(*report.weights);
  }
}

}  // namespace nelumbo

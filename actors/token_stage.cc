// SPDX-License-Identifier: Apache-2.0
#include "actors/token_stage.h"

#include <utility>

#include "base/kill_point.h"

namespace nelumbo {
namespace {

int64_t tokens_of(const std::vector<TrainingGroup>& groups) {
  int64_t tokens = 0;
  for (const TrainingGroup& group : groups) {
    tokens += std::ssize(group.prefix);
    for (const TrainingItem& item : group.items)
      tokens += std::ssize(item.tokens);
  }
  return tokens;
}

}  // namespace

TokenStage::TokenStage(StageContext& context, StageKind kind)
    : TokenStage(context, kind,
                 kind == StageKind::kPretrain ? context.setup().pretrain : context.setup().sft) {}

TokenStage::TokenStage(StageContext& context, StageKind kind, const TokenStageConfig& config)
    : context_(context), kind_(kind), config_(config) {}

Result<void> TokenStage::run() {
  if (pauses_behind(context_.state().stage_step))
    if (auto paused = pause(); !paused)
      return paused.error();
  held_out_ = share(context_.setup().sources.token_validation(kind_));
  while (!finished()) {
    if (context_.stop_requested())
      return context_.preempt();
    if (auto done = step(); !done)
      return done;
  }
  const auto& judged = context_.state().judged;
  if (config_.min_recall > 0 && judged.value_or(0) < config_.min_recall)
    context_.warn(context_.state().stage + ": min_recall " + std::to_string(config_.min_recall) +
                  " was not reached in " + std::to_string(context_.state().stage_step) +
                  " steps: " + std::to_string(judged.value_or(0)) +
                  "; what follows may learn little: raise steps or optimizer.lr");
  return {};
}

bool TokenStage::finished() const {
  const RunState& state = context_.state();
  if (state.stage_step < config_.steps)
    return false;
  const bool reached = state.judged.value_or(0) >= config_.min_recall;
  return reached || state.stage_step >= 2 * config_.steps;
}

Result<std::vector<TrainingGroup>> TokenStage::take_batch(int64_t step) {
  const auto& source = context_.setup().sources.token_batch;
  auto batch = next_batch_.valid() ? next_batch_.get() : source(kind_, step);
  if (step + 1 < config_.steps && !pauses_behind(step + 1))
    next_batch_ = std::async(std::launch::async, source, kind_, step + 1);
  return batch;
}

Result<void> TokenStage::step() {
  const auto start = context_.now();
  const int64_t step = context_.state().stage_step;
  auto batch = take_batch(step);
  if (!batch)
    return context_.named(batch.error());
  TokenJob job{std::move(batch).value(), config_, {step % config_.steps, config_.steps}};
  const double waited = context_.seconds_since(start);
  const auto tokens = static_cast<double>(tokens_of(job.groups));
  auto trained = context_.crew().train_tokens(std::move(job));
  if (!trained)
    return context_.failed_step(trained.error(), config_.training.guard);
  kill_point("token/trained");
  Metrics metrics = std::move(trained).value();
  const double seconds = context_.seconds_since(start);
  metrics["time/wait_data"] = waited;
  metrics["time/train"] = seconds - waited;
  metrics["perf/tokens_per_s"] = seconds > 0 ? tokens / seconds : 0;
  const auto applied = context_.heed_guard(metrics, config_.training.guard);
  if (!applied)
    return applied.error();
  context_.advance(applied.value());
  if (auto done = validate(metrics); !done)
    return done;
  const bool pauses = pauses_behind(step + 1);
  if (pauses) {
    auto paused = pause();
    if (!paused)
      return paused.error();
    merge(metrics, paused.value());
  }
  kill_point("token/validated");
  metrics["time/step"] = context_.seconds_since(start);
  if (auto done = context_.report(std::move(metrics)); !done)
    return done;
  return pauses ? context_.checkpoint() : context_.checkpoint_if_due();
}

Result<void> TokenStage::validate(Metrics& metrics) {
  const int64_t done = context_.state().stage_step;
  if (done % config_.validate_every != 0 && done != config_.steps)
    return {};
  auto found = context_.crew().validate_tokens(held_out_);
  if (!found)
    return found.error();
  const TokenValidation& validation = *found.value();
  const Judgement judged =
      context_.setup().sources.judge_tokens(kind_, validation.metrics, validation.predictions);
  context_.state().judged = judged.value;
  validation_ = judged.metrics;
  merge(metrics, judged.metrics);
  return {};
}

}  // namespace nelumbo

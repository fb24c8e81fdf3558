// SPDX-License-Identifier: Apache-2.0
#include "actors/filter_stage.h"

#include <utility>

#include "actors/group_name.h"

namespace nelumbo {
namespace {

/// Groups of the filter are numbered apart from those that train.
constexpr uint64_t kFilterGroups = uint64_t{1} << 62;

}  // namespace

Result<void> FilterStage::run() {
  if (auto done = context_.publish(); !done)
    return done;
  while (context_.state().stage_step < context_.setup().filter_steps) {
    if (context_.stop_requested())
      return context_.preempt();
    if (auto done = step(); !done)
      return done;
  }
  return {};
}

Result<void> FilterStage::step() {
  const auto start = context_.now();
  const PipelineSetup& setup = context_.setup();
  const int64_t step = context_.state().stage_step;
  const uint64_t seed =
      request_seed(setup.run.seed, Purpose::kFilter, static_cast<uint64_t>(step), 0);
  AnswerJob job;
  for (const auto& prompt : setup.sources.filter_prompts(step))
    job.requests.push_back({GroupId{kFilterGroups + job.requests.size()}, prompt,
                            setup.filter_samples, seed, setup.rl_sampling});
  auto answered = context_.answer(std::move(job));
  if (!answered)
    return answered.error();
  auto kept = setup.sources.keep_pass_rates(*answered.value());
  if (!kept)
    return context_.named(kept.error());
  validation_ = kept.value();
  context_.advance(false);
  context_.crew().trace(context_.state().stage, context_.state().step, answered.value());
  Metrics metrics = std::move(kept).value();
  metrics["time/rollout"] = context_.seconds_since(start);
  metrics["time/step"] = metrics["time/rollout"];
  if (auto done = context_.report(std::move(metrics)); !done)
    return done;
  return context_.checkpoint_if_due();
}

}  // namespace nelumbo

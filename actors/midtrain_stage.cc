// SPDX-License-Identifier: Apache-2.0
#include "actors/midtrain_stage.h"

#include <utility>

#include "actors/group_name.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

constexpr int64_t kFirstRound = 16;  ///< rounds of rl are numbered below

TokenStageConfig both_phases(const MidtrainConfig& config) {
  TokenStageConfig both = config;
  both.steps += config.draw.steps;
  return both;
}

}  // namespace

int64_t draw_step(const MidtrainConfig& config, int64_t draw) {
  const int64_t draws = config.draw.checkpoints;
  return config.steps - (draws - 1 - draw) * config.steps / (2 * draws);
}

MidtrainStage::MidtrainStage(StageContext& context)
    : TokenStage(context, StageKind::kMidtrain, both_phases(context.setup().midtrain)),
      context_(context),
      config_(context.setup().midtrain) {}

bool MidtrainStage::is_due(int64_t draw, int64_t done) const {
  return config_.draw.steps > 0 && draw_step(config_, draw) <= done &&
         !context_.setup().sources.traces_kept(draw);
}

bool MidtrainStage::pauses_behind(int64_t done) const {
  for (int64_t draw = 0; draw < config_.draw.checkpoints; ++draw)
    if (is_due(draw, done))
      return true;
  return false;
}

Result<Metrics> MidtrainStage::pause() {
  Metrics metrics;
  for (int64_t draw = 0; draw < config_.draw.checkpoints; ++draw) {
    if (!is_due(draw, context_.state().stage_step))
      continue;
    auto drawn = draw_traces(draw);
    if (!drawn)
      return context_.named(drawn.error());
    merge(metrics, drawn.value());
  }
  return metrics;
}

Result<Metrics> MidtrainStage::draw_traces(int64_t draw) {
  const auto start = context_.now();
  const std::string place = "draw " + std::to_string(draw);
  if (auto done = context_.publish(); !done)
    return done.error();
  auto answered = context_.crew().answer(job_of(draw));
  if (!answered)
    return answered.error();
  const std::vector<ScoredGroup>& groups = *answered.value();
  kill_point("midtrain/answered");
  drop(groups, place + ": what passes the gates trains as given tokens");
  context_.crew().trace(context_.state().stage, context_.state().step, answered.value());
  auto kept = context_.setup().sources.keep_traces(draw, groups);
  if (!kept)
    return kept.error();
  kill_point("midtrain/kept");
  Metrics metrics = std::move(kept).value();
  if (metrics["midtrain/accepted"] == 0)
    context_.warn(context_.state().stage + ": " + place +
                  ": no answer passed both gates, midtrain/gates.json says why; phase 2 has only "
                  "what other draws give");
  metrics["time/rollout"] = context_.seconds_since(start);
  return metrics;
}

/// Each prompt at both temperatures, each time with random numbers and ids of its own.
AnswerJob MidtrainStage::job_of(int64_t draw) const {
  const PipelineSetup& setup = context_.setup();
  const auto prompts = setup.sources.trace_prompts();
  AnswerJob job{{}, context_.incarnation()};
  for (const int64_t pass : {2 * draw, 2 * draw + 1}) {
    const uint64_t seed =
        request_seed(setup.run.seed, Purpose::kTrace, static_cast<uint64_t>(pass), 0);
    Sampling sampling = setup.rl_sampling;
    sampling.temperature = pass == 2 * draw ? config_.draw.cool : config_.draw.hot;
    for (size_t place = 0; place < prompts.size(); ++place)
      job.requests.push_back({group_id(context_.state().step, kFirstRound + pass, place),
                              prompts[place], static_cast<int32_t>(config_.draw.samples), seed,
                              sampling});
  }
  return job;
}

void MidtrainStage::drop(const std::vector<ScoredGroup>& groups, const std::string& reason) {
  std::vector<LedgerRecord> records;
  for (const ScoredGroup& group : groups)
    for (size_t i = 0; i < group.outcomes.size(); ++i)
      records.push_back({context_.sample(group, i), Fate::kDropped, 0, 0, reason});
  context_.crew().note(std::move(records));
}

}  // namespace nelumbo

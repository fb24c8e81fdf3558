// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_batches.h"

#include <utility>

#include "actors/group_name.h"
#include "actors/rl_replay.h"
#include "actors/rl_stream.h"
#include "actors/rl_turns.h"
#include "actors/wire.h"
#include "learner/advantages.h"

namespace nelumbo {
namespace {

std::string reason_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kInvalid:
      return "invalid: " + outcome.reason;
    case Outcome::Kind::kInfraError:
      return "infra_error: " + outcome.reason;
    case Outcome::Kind::kTimeout:
      return "timeout: " + outcome.reason;
    case Outcome::Kind::kScore:
      break;
  }
  return "";
}

}  // namespace

Result<void> RlBatches::publish(Metrics& metrics) {
  const uint64_t version = context_.state().version;
  if (published_ == version)
    return {};
  const auto start = context_.now();
  if (auto done = context_.publish(); !done)
    return done;
  published_ = version;
  metrics["time/sync"] += context_.seconds_since(start);
  return {};
}

void RlBatches::note(const ScoredGroup& group, Fate fate, int64_t step, const std::string& reason) {
  std::vector<LedgerRecord> records;
  for (size_t i = 0; i < group.outcomes.size(); ++i) {
    const Outcome& outcome = group.outcomes[i];
    const bool scored = outcome.kind == Outcome::Kind::kScore;
    if (scored && fate != Fate::kDropped)
      records.push_back({context_.sample(group, i), fate, static_cast<uint64_t>(step), 0, ""});
    else if (fate != Fate::kCommitted)
      records.push_back(
          {context_.sample(group, i), Fate::kDropped, 0, 0, scored ? reason : reason_of(outcome)});
  }
  context_.crew().note(std::move(records));
}

Result<void> RlBatches::refresh_reward(Metrics& metrics) {
  const auto refreshed = context_.refresh_reward();
  if (!refreshed)
    return refreshed.error();
  if (refreshed.value())
    metrics["reward/reloaded"] = 1;
  return {};
}

Result<std::optional<PolicyJob>> RlBatches::kept_answers() {
  RunState& state = context_.state();
  if (state.ahead.empty())
    return std::optional<PolicyJob>();
  auto kept = from_wire<PolicyJob>(std::exchange(state.ahead, {}));
  if (!kept)
    return context_.named(kept.error());
  const RlConfig& then = kept.value().config;
  if (then.max_staleness != config_.max_staleness || then.prompts != config_.prompts)
    return std::optional<PolicyJob>();
  std::vector<LedgerRecord> issued;
  for (const ScoredGroup& group : kept.value().groups)
    for (size_t i = 0; i < group.outcomes.size(); ++i)
      issued.push_back({context_.sample(group, i), Fate::kIssued, 0, 0, ""});
  context_.crew().note(std::move(issued));
  return std::optional(std::move(kept).value());
}

std::vector<GroupRequest> RlBatches::requests(int64_t stage_step, int64_t number,
                                              int64_t count) const {
  const RunState& state = context_.state();
  const PipelineSetup& setup = context_.setup();
  const uint64_t seed =
      request_seed(setup.run.seed, Purpose::kSample, static_cast<uint64_t>(stage_step),
                   static_cast<uint32_t>(number));
  const int64_t trained_as = state.step - state.stage_step + stage_step + 1;
  std::vector<GroupRequest> requests;
  for (const auto& prompt : setup.sources.rl_prompts(stage_step, number, count))
    requests.push_back({group_id(trained_as, number, requests.size()), prompt,
                        static_cast<int32_t>(config_.group_size), seed, setup.rl_sampling});
  return requests;
}

bool RlBatches::differs(const ScoredGroup& group, RlBatch& batch) {
  if (has_spread(group, advantage_of(config_.advantage)))
    return true;
  ++batch.zero_spread;
  note(group, Fate::kDropped, 0, "no spread in its group");
  return false;
}

std::unique_ptr<RlBatches> make_rl_batches(StageContext& context) {
  if (context.setup().sources.rl_groups)
    return std::make_unique<RlReplay>(context);
  if (context.setup().rl.max_staleness > 1)
    return std::make_unique<RlStream>(context);
  return std::make_unique<RlTurns>(context);
}

}  // namespace nelumbo

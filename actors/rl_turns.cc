// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_turns.h"

#include <utility>

#include "actors/group_name.h"
#include "actors/wire.h"

namespace nelumbo {

Result<void> RlTurns::take_over() {
  auto kept = kept_answers();
  if (!kept)
    return kept.error();
  if (!kept.value())
    return {};
  RlBatch batch;
  add(kept.value()->groups, batch);
  ahead_ = std::move(batch);
  return {};
}

Result<RlBatch> RlTurns::next(Metrics& metrics) {
  const auto start = context_.now();
  const int64_t step = context_.state().stage_step;
  if (lags())
    if (auto done = settle(); !done)
      return done.error();
  if (auto done = refresh_reward(metrics); !done)
    return done.error();
  auto batch = [&]() -> Result<RlBatch> {
    context_.state().ahead.clear();
    if (ahead_)
      return *std::exchange(ahead_, std::nullopt);
    ask(step, 0, config_.prompts);
    return gather(step);
  }();
  if (!batch)
    return batch;
  metrics["time/rollout"] = context_.seconds_since(start);
  if (!lags() || step + 1 == config_.steps)
    return batch;
  if (auto done = publish(metrics); !done)
    return done.error();
  ask(step + 1, 0, config_.prompts);
  asked_ = step + 1;
  return batch;
}

Result<void> RlTurns::settle() {
  if (!asked_)
    return {};
  auto batch = gather(*std::exchange(asked_, std::nullopt));
  if (!batch)
    return batch.error();
  ahead_ = std::move(batch).value();
  return {};
}

void RlTurns::ask(int64_t stage_step, int64_t number, int64_t missing) {
  AnswerJob job{{}, context_.incarnation()};
  job.requests = requests(stage_step, number, missing);
  context_.crew().ask(std::move(job));
}

Result<RlBatch> RlTurns::gather(int64_t stage_step) {
  RlBatch batch;
  for (int64_t number = 0;; ++number) {
    auto answered = context_.answers();
    if (!answered)
      return answered.error();
    add(*answered.value(), batch);
    const int64_t missing = config_.prompts - std::ssize(batch.kept);
    if (missing == 0 || number == config_.refill_rounds || answered.value()->empty())
      return batch;
    ask(stage_step, number + 1, missing);
  }
}

void RlTurns::add(const std::vector<ScoredGroup>& answered, RlBatch& batch) {
  for (const ScoredGroup& group : answered) {
    batch.all.push_back(group);
    if (!differs(group, batch))
      continue;
    batch.kept.push_back(group);
    note(group, Fate::kBatched, step_of(group.group->id));
  }
}

Result<void> RlTurns::keep() {
  if (auto done = settle(); !done)
    return done;
  if (ahead_)
    context_.state().ahead = to_wire(PolicyJob{ahead_->all, config_, {}});
  return {};
}

}  // namespace nelumbo

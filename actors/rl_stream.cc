// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_stream.h"

#include <algorithm>
#include <utility>

#include "actors/rl_metrics.h"
#include "actors/wire.h"
#include "base/check.h"

namespace nelumbo {
namespace {

uint64_t number(PolicyVersion version) {
  return static_cast<uint64_t>(version);
}

}  // namespace

RlStream::RlStream(StageContext& context)
    : RlBatches(context), book_(config_.prompts, config_.max_staleness, context.state().version) {}

Result<void> RlStream::take_over() {
  const RunState& state = context_.state();
  book_ = {config_.prompts, config_.max_staleness, state.version};
  fetched_ = state.stage_step;
  auto kept = kept_answers();
  if (!kept)
    return kept.error();
  if (!kept.value())
    return {};
  const StepPlace place = kept.value()->place;
  fetched_ = place.step;
  if (place.steps > 0) {  // some prompts of the latest step were not admitted
    --fetched_;
    fetch();
    while (std::ssize(requests_) > place.steps)
      requests_.pop_front();
  }
  for (const ScoredGroup& group : kept.value()->groups) {
    book_.admit(group.group->id, number(oldest_version(*group.group)));
    book_.arrive(group.group->id);
    held_.emplace(group.group->id, group);
  }
  return {};
}

Result<RlBatch> RlStream::next(Metrics& metrics) {
  book_.advance(std::exchange(training_, {}), context_.state().version);
  if (book_.drawn() == 0)
    if (auto done = refresh_reward(metrics); !done)
      return done.error();
  if (auto done = publish(metrics); !done)
    return done.error();
  admit();
  const auto start = context_.now();
  std::optional<std::vector<GroupId>> chosen;
  while (!(chosen = book_.batch(gives_up() || book_.drawn() == 0))) {
    if (auto done = take(); !done)
      return done.error();
    admit();
  }
  metrics["time/rollout"] = context_.seconds_since(start);
  training_ = std::move(*chosen);
  return batch_of_training();
}

RlBatch RlStream::batch_of_training() {
  std::ranges::sort(training_);
  RlBatch batch = std::exchange(sorted_, {});
  const RunState& state = context_.state();
  const auto staleness = static_cast<uint64_t>(config_.max_staleness);
  for (const GroupId id : training_) {
    ScoredGroup group = std::move(held_.extract(id).mapped());
    NELUMBO_CHECK(number(oldest_version(*group.group)) + staleness >= state.version)
        << "a token is older than rl.max_staleness";
    note(group, Fate::kBatched, state.step + 1);
    batch.all.push_back(group);
    batch.kept.push_back(std::move(group));
  }
  return batch;
}

void RlStream::admit() {
  const RunState& state = context_.state();
  if (gives_up())
    return;  // who is admitted now would need a place in this batch
  const int64_t to_come = (config_.steps - state.stage_step) * config_.prompts;
  AnswerJob job{{}, context_.incarnation()};
  for (int64_t count = std::min(book_.room(), to_come - book_.held()); count > 0; --count) {
    if (requests_.empty() && !dry_)
      fetch();
    if (dry_)
      break;
    book_.admit(requests_.front().id, state.version);
    job.requests.push_back(std::move(requests_.front()));
    requests_.pop_front();
  }
  // A run that pauses before the next checkpoint asks for other prompts when it goes on.
  remember({});
  if (!job.requests.empty())
    context_.crew().feed(std::move(job));
}

void RlStream::fetch() {
  for (GroupRequest& request :
       requests(fetched_ % config_.steps, fetched_ / config_.steps, config_.prompts))
    requests_.push_back(std::move(request));
  dry_ = requests_.empty();
  ++fetched_;
}

Result<void> RlStream::take() {
  auto taken = context_.taken();
  if (!taken)
    return taken.error();
  for (const ScoredGroup& group : *taken.value()) {
    const GroupId id = group.group->id;
    if (!differs(group, sorted_)) {
      sorted_.all.push_back(group);
      book_.drop(id);
      continue;
    }
    book_.arrive(id);
    held_.emplace(id, group);
  }
  return {};
}

bool RlStream::gives_up() const {
  return sorted_.zero_spread >= config_.prompts * (1 + config_.refill_rounds);
}

Result<void> RlStream::settle() {
  while (book_.drawn() > 0)
    if (auto done = take(); !done)
      return done;
  return {};
}

void RlStream::remember(std::vector<ScoredGroup> groups) {
  context_.state().ahead =
      to_wire(PolicyJob{std::move(groups), config_, {fetched_, std::ssize(requests_)}});
}

Result<void> RlStream::keep() {
  if (auto done = settle(); !done)
    return done;
  std::vector<ScoredGroup> groups;
  for (const auto& [id, group] : held_)
    groups.push_back(group);
  remember(std::move(groups));
  return {};
}

Result<void> RlStream::end() {
  if (auto done = settle(); !done)
    return done;
  for (const auto& [id, group] : held_)
    note(group, Fate::kDropped, 0, "the stage ended before it was trained");
  held_.clear();
  context_.state().ahead.clear();
  return {};
}

}  // namespace nelumbo

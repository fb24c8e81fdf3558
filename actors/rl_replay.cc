// SPDX-License-Identifier: Apache-2.0
#include "actors/rl_replay.h"

#include <algorithm>
#include <set>
#include <string>

#include "actors/group_name.h"

namespace nelumbo {
namespace {

/// Steps and rounds whose requests are remembered.
constexpr size_t kMostAsked = 32;

std::string name_of(const ScoredGroup& told) {
  return "replay: group " + std::to_string(static_cast<uint64_t>(told.group->id)) + " of prompt " +
         told.group->prompt->id;
}

/// Where what was drawn is not what is told.
Result<void> require_same(const ScoredGroup& told, const Group& drawn) {
  const auto& before = told.group->trajectories;
  for (size_t i = 0; i < before.size(); ++i) {
    const std::vector<int32_t>&a = before[i].tokens, &b = drawn.trajectories[i].tokens;
    if (a == b && before[i].swaps == drawn.trajectories[i].swaps)
      continue;
    const auto at = std::ranges::mismatch(a, b).in1 - a.begin();
    return Error{Errc::kCheckFailed,
                 name_of(told) + ", sample " + std::to_string(i) + ": from token " +
                     std::to_string(at) +
                     " on it is not what the trace says; another build, instruction set or "
                     "data, or other weights at the start of rl, have other bits"};
  }
  return {};
}

}  // namespace

Result<void> RlReplay::take_over() {
  if (context_.state().stage_step == 0)
    return {};
  return Error{Errc::kInvalidConfig,
               "replay: rl cannot be repeated from its middle on; begin anew under another "
               "run.name"};
}

Result<void> RlReplay::give(PolicyVersion version) {
  const auto known = weights_.find(static_cast<uint64_t>(version));
  if (known == weights_.end())
    return Error{Errc::kBadData, "replay: a token is of weights " +
                                     std::to_string(static_cast<uint64_t>(version)) +
                                     ", which rl.max_staleness does not allow here"};
  if (published_ == known->first)
    return {};
  auto done = context_.crew().publish(known->second, version);
  if (done)
    published_ = known->first;
  return done;
}

Result<RlBatch> RlReplay::next(Metrics& metrics) {
  const auto start = context_.now();
  const RunState& state = context_.state();
  auto told = context_.setup().sources.rl_groups(state.step + 1);
  if (!told)
    return told.error();
  auto newest = context_.crew().weights();
  if (!newest)
    return newest.error();
  weights_[state.version] = newest.value();
  std::erase_if(weights_, [&](const auto& entry) {
    return entry.first + static_cast<uint64_t>(config_.max_staleness) < state.version;
  });
  RlBatch batch;
  for (const ScoredGroup& one : told.value()) {
    if (std::ranges::all_of(one.group->trajectories, &std::vector<int32_t>::empty,
                            &Trajectory::tokens))
      continue;  // its prompt was in quarantine
    auto drawn = draw(one);
    if (!drawn)
      return drawn.error();
    batch.all.push_back(drawn.value());
    if (!differs(drawn.value(), batch))
      continue;
    note(drawn.value(), Fate::kBatched, state.step + 1);
    batch.kept.push_back(std::move(drawn).value());
  }
  metrics["time/rollout"] = context_.seconds_since(start);
  return batch;
}

Result<GroupRequest> RlReplay::request_of(const ScoredGroup& told) {
  const RunState& state = context_.state();
  const GroupName name = group_name(told.group->id);
  const int64_t step = name.step - (state.step - state.stage_step) - 1;
  const Error other{Errc::kBadData, name_of(told) + ": this run has another prompt there"};
  if (step < 0 || step >= config_.steps)
    return other;
  if (asked_.size() > kMostAsked)
    asked_.clear();
  auto [at, fresh] = asked_.try_emplace({step, name.round});
  if (fresh)
    at->second = requests(step, name.round, config_.prompts);
  if (name.place >= at->second.size() ||
      at->second[name.place].prompt->id != told.group->prompt->id ||
      at->second[name.place].samples != std::ssize(told.group->trajectories))
    return other;
  GroupRequest request = at->second[name.place];
  for (const Trajectory& trajectory : told.group->trajectories)
    request.versions.push_back(trajectory.versions());
  return request;
}

Result<ScoredGroup> RlReplay::draw(const ScoredGroup& told) {
  auto request = request_of(told);
  if (!request)
    return request.error();
  std::set<PolicyVersion> versions;
  for (const AnswerVersions& answer : request.value().versions) {
    versions.insert(answer.first);
    for (const WeightSwap& swap : answer.swaps)
      versions.insert(swap.version);
  }
  if (auto done = give(*versions.begin()); !done)
    return done.error();
  context_.crew().feed({{std::move(request).value()}, context_.incarnation()});
  for (const PolicyVersion version : versions)
    if (auto done = give(version); !done)
      return done.error();
  auto drawn = context_.crew().take();
  if (!drawn)
    return drawn.error();
  const Shared<Group>& group = drawn.value()->front().group;
  if (auto same = require_same(told, *group); !same)
    return same.error();
  return ScoredGroup{group, told.outcomes, told.spec_hash};
}

}  // namespace nelumbo

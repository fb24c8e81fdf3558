// SPDX-License-Identifier: Apache-2.0
#include "actors/reward_actor.h"

#include <utility>

namespace nelumbo {

ScoredGroup unscored(const Shared<Group>& group, Outcome::Kind kind, const std::string& reason) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.reason = reason;
  return {group, std::vector<Outcome>(group->trajectories.size(), outcome), ""};
}

Result<Shared<ScoredGroup>> score_group(const RewardSpec& spec, const Shared<Group>& group) {
  ScoredGroup scored{group, spec.score(*group), spec.hash()};
  if (scored.outcomes.size() != group->trajectories.size())
    return Error{Errc::kUnavailable, "reward: prompt " + group->prompt->id + ": " +
                                         std::to_string(scored.outcomes.size()) + " outcomes for " +
                                         std::to_string(group->trajectories.size()) +
                                         " trajectories"};
  return share(std::move(scored));
}

RewardActor::behavior_type reward_actor(RewardActor::pointer self, Shared<RewardSpec> spec) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  return {
      [spec = std::move(spec)](ScoreAtom, const Shared<Group>& group) {
        return reply(score_group(*spec, group));
      },
  };
}

}  // namespace nelumbo

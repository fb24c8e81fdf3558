// SPDX-License-Identifier: Apache-2.0
#include "actors/reward_actor.h"

#include <utility>

#include "base/crash_note.h"

namespace nelumbo {

ScoredGroup unscored(const Shared<Group>& group, Outcome::Kind kind, const std::string& reason) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.reason = reason;
  return {group, std::vector<Outcome>(group->trajectories.size(), outcome), ""};
}

ScoredGroup unanswered(const GroupRequest& request, PolicyVersion version,
                       const std::string& reason) {
  Group group{.id = request.id, .prompt = request.prompt, .trajectories = {}};
  for (int32_t sample = 0; sample < request.samples; ++sample) {
    Trajectory none;
    none.group = request.id;
    none.sample = sample;
    none.version = version;
    group.trajectories.push_back(std::move(none));
  }
  return unscored(share(std::move(group)), Outcome::Kind::kInvalid, reason);
}

Result<Shared<ScoredGroup>> score_group(const RewardSpec& spec, const Shared<Group>& group) {
  const std::string text = crash_note_text({group->prompt->id});
  const CrashNote note(text);
  crash_point("score", group->prompt->id);
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

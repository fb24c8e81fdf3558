// SPDX-License-Identifier: Apache-2.0
//
// The half of the coordinator that has groups scored; what comes back goes to collect().
#include <optional>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include "actors/coordinator.h"
#include "actors/reward_actor.h"
#include "base/duration.h"

namespace nelumbo {

bool CoordinatorState::tries_again(const Group& group, int64_t attempt) const {
  return !answers_.empty() && !broken_ && setup_.retries && attempt < setup_.retries(*group.prompt);
}

void CoordinatorState::score(const Shared<Group>& group, int64_t attempt) {
  scores_.add(group, attempt);
  hand_out();
}

void CoordinatorState::hand_out() {
  std::optional<ScoreQueue::Turn> turn;
  while (!answers_.empty() && (turn = scores_.next()))
    give(turn->place, turn->group, turn->attempt);
}

void CoordinatorState::give(size_t slot, const Shared<Group>& group, int64_t attempt) {
  const int64_t job = answers_.number();
  self_
      ->request(rewards_[slot], duration_of(setup_.placement.reward_deadline), ScoreAtom::value,
                group)
      .then(
          [this, job, slot](const Shared<ScoredGroup>& scored) {
            scores_.free(slot);
            if (setup_.crashes)
              setup_.crashes->clear(scored->group->prompt->id);
            collect(job, *scored);
            hand_out();
          },
          [this, job, slot, group, attempt](const caf::error& error) {
            const bool late = error == caf::sec::request_timeout;
            unscorable(slot, group, error);
            scores_.free(slot);
            if (!late && tries_again(*group, attempt))
              return score(group, attempt + 1);
            collect(
                job,
                unscored(
                    group, late ? Outcome::Kind::kTimeout : Outcome::Kind::kInfraError,
                    from_caf_error(error, "the coordinator waited for a reward actor").message));
            hand_out();
          });
}

void CoordinatorState::unscorable(size_t slot, const Shared<Group>& group,
                                  const caf::error& error) {
  setup_.warn("reward actor is replaced: prompt " + group->prompt->id + ": " +
              from_caf_error(error, "scoring").message);
  self_->send_exit(rewards_[slot], caf::exit_reason::user_shutdown);
  rewards_[slot] = setup_.hire_reward();
  if (++reward_restarts_ > setup_.placement.restarts)
    fail({Errc::kUnavailable, "reward actor: prompt " + group->prompt->id + ": " +
                                  from_caf_error(error, "scoring").message +
                                  ", and the restarts of placement.restarts are used up"});
}

}  // namespace nelumbo

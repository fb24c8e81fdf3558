// SPDX-License-Identifier: Apache-2.0
#include "actors/activity.h"

namespace nelumbo {

void StageActivity::wait(const std::string& what, bool learner) {
  const std::lock_guard lock(guard_);
  waits_for_ = what;
  since_ = Clock::now();
  if (learner != learner_works_)
    learner_since_ = since_;
  learner_works_ = learner;
}

void StageActivity::go_on() {
  const std::lock_guard lock(guard_);
  waits_for_.clear();
  since_ = Clock::now();
  if (learner_works_)
    learner_since_ = since_;
  learner_works_ = false;
}

void StageActivity::show(const std::string& stage, int64_t step) {
  const std::lock_guard lock(guard_);
  stage_ = stage;
  step_ = step;
}

void StageActivity::publish(uint64_t version) {
  const std::lock_guard lock(guard_);
  version_ = version;
}

std::vector<Activity> StageActivity::rows(int64_t ranks, Clock::time_point now) const {
  const std::lock_guard lock(guard_);
  std::vector<Activity> rows;
  Activity stage{"stage", !waits_for_.empty(), waits_for_.empty() ? "prepares" : waits_for_,
                 seconds_between(since_, now)};
  if (!stage_.empty())
    stage.who += " " + stage_ + ", " + std::to_string(step_) + " steps behind it";
  stage.version = version_;
  rows.push_back(std::move(stage));
  for (int64_t rank = 0; rank < ranks; ++rank)
    rows.push_back({"learner " + std::to_string(rank), !learner_works_,
                    learner_works_ ? waits_for_ : "the stage",
                    seconds_between(learner_since_, now)});
  return rows;
}

}  // namespace nelumbo

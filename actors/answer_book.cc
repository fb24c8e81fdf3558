// SPDX-License-Identifier: Apache-2.0
#include "actors/answer_book.h"

#include <algorithm>
#include <utility>

#include "actors/activity.h"
#include "base/check.h"

namespace nelumbo {

void AnswerBook::open(bool fed) {
  NELUMBO_CHECK(!open_) << "the answers to one job are not given back";
  open_ = true;
  fed_ = fed;
  ++number_;
  incarnation_.reset();
  groups_ = left_ = 0;
}

void AnswerBook::add(const AnswerJob& job, Time now) {
  NELUMBO_CHECK(open_) << "groups of no job";
  if (left_ == 0)
    since_ = now;
  incarnation_ = job.incarnation;
  groups_ += std::ssize(job.requests);
  left_ += std::ssize(job.requests);
}

void AnswerBook::collect(int64_t number, ScoredGroup scored, Time now) {
  if (!open_ || number != number_)
    return;
  scored_.push_back(std::move(scored));
  if (--left_ == 0)
    seconds_ += seconds_between(since_, now);
}

std::optional<std::vector<ScoredGroup>> AnswerBook::take() {
  const bool ready = fed_ ? !scored_.empty() : left_ == 0;
  if (!open_ || !ready)
    return std::nullopt;
  std::vector<ScoredGroup> taken = std::exchange(scored_, {});
  if (!fed_)
    std::ranges::sort(taken, {}, [](const ScoredGroup& one) { return one.group->id; });
  open_ = left_ > 0;
  return taken;
}

void AnswerBook::clear(Time now) {
  if (open_ && left_ > 0)
    seconds_ += seconds_between(since_, now);
  open_ = false;
  scored_.clear();
}

double AnswerBook::seconds(Time now) const {
  const bool goes_on = is_fed() && left_ > 0;
  return seconds_ + (goes_on ? seconds_between(since_, now) : 0);
}

std::string AnswerBook::text() const {
  return std::to_string(left_) + " of " + std::to_string(groups_) + " groups";
}

}  // namespace nelumbo

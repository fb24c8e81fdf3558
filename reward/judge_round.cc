// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_round.h"

#include <algorithm>
#include <utility>

namespace nelumbo {

void JudgeRound::add(size_t i, std::vector<JudgeQuestion> questions) {
  if (questions.empty())
    return;
  ranges_[i] = {questions_.size(), questions_.size() + questions.size()};
  for (JudgeQuestion& question : questions)
    questions_.push_back(std::move(question));
}

void JudgeRound::ask_hold_out(size_t i, std::vector<JudgeQuestion>* all) {
  const auto judge = judges_.hold_out(group_.prompt->id + "\n" + group_.trajectories[i].text);
  if (!judge)
    return;
  const Range range = ranges_.at(i);
  const size_t first = all->size() - questions_.size();
  held_out_ranges_[i] = {first, first + range.end - range.begin};
  for (size_t q = range.begin; q < range.end; ++q) {
    all->push_back(questions_[q]);
    all->back().judge = *judge;
  }
}

void JudgeRound::run(double seconds, int64_t retries, const std::function<double()>& clock) {
  if (questions_.empty())
    return;
  const double end = clock() + seconds;
  std::vector<JudgeQuestion> all = questions_;
  for (const auto& [i, range] : ranges_)
    ask_hold_out(i, &all);
  replies_ = judges_.ask(all, seconds);
  const auto own = static_cast<std::ptrdiff_t>(questions_.size());
  held_out_.assign(replies_.begin() + own, replies_.end());
  replies_.resize(questions_.size());
  if (std::ranges::any_of(held_out_, [](const JudgeReply& one) { return !one.ok(); }))
    judges_.hold_out_failed();
  for (int64_t attempt = 0; attempt < retries && clock() < end; ++attempt) {
    std::vector<size_t> places;
    std::vector<JudgeQuestion> again;
    for (size_t q = 0; q < questions_.size(); ++q)
      if (replies_[q].kind == JudgeReply::Kind::kInfraError) {
        places.push_back(q);
        again.push_back(questions_[q]);
      }
    if (again.empty())
      return;
    std::vector<JudgeReply> fresh = judges_.ask(again, end - clock());
    for (size_t n = 0; n < places.size(); ++n)
      replies_[places[n]] = std::move(fresh[n]);
  }
}

std::span<const JudgeReply> JudgeRound::replies(size_t i) const {
  const auto at = ranges_.find(i);
  if (at == ranges_.end())
    return {};
  return std::span(replies_).subspan(at->second.begin, at->second.end - at->second.begin);
}

std::optional<JudgeReply> JudgeRound::failure(size_t i) const {
  const auto about = replies(i);
  const auto failed = std::ranges::find_if(about, [](const JudgeReply& one) { return !one.ok(); });
  return failed == about.end() ? std::nullopt : std::optional(*failed);
}

void JudgeRound::compare(
    const std::function<std::optional<double>(size_t i, std::span<const JudgeReply>)>& value)
    const {
  for (const auto& [i, range] : held_out_ranges_) {
    const auto others = std::span(held_out_).subspan(range.begin, range.end - range.begin);
    const bool whole =
        !failure(i) && std::ranges::all_of(others, [](const JudgeReply& one) { return one.ok(); });
    if (!whole)
      continue;
    const auto trained = value(i, replies(i)), held_out = value(i, others);
    if (trained && held_out)
      judges_.compare(*trained, *held_out);
  }
}

}  // namespace nelumbo

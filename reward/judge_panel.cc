// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_panel.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/text.h"

namespace nelumbo {

namespace {
constexpr double kExamSeconds = 600;
constexpr double kHoldOutSeconds = 20;  // that others wait for the judge held out
constexpr std::chrono::seconds kHoldOutPause(60);
}  // namespace

Result<void> JudgePanel::read(const SpecNode& document, const std::string& folder) {
  if (document.has("judges")) {
    const auto entries = document.at("judges").value().entries();
    if (!entries)
      return entries.error();
    for (const auto& [name, node] : entries.value()) {
      if (const NamedJudge* const other = find(name))
        return node.error("given already at " + other->place);
      auto judge = read_judge(name, node, folder);
      if (!judge)
        return judge.error();
      judges_.push_back(std::move(judge).value());
    }
  }
  if (!document.has("holdout"))
    return {};
  const SpecNode at = document.at("holdout").value();
  if (hold_out_)
    return at.error("given already at " + hold_out_place_);
  hold_out_.emplace();
  hold_out_place_ = at.place();
  hold_out_judge_place_ = at.place_of("judge");
  if (auto done = read_fields(at, {}, *hold_out_); !done)
    return done;
  if (find(hold_out_->judge) == nullptr)
    unknown_hold_out_ = at.unknown("'judge' must name one of 'judges'", hold_out_->judge, names());
  return {};
}

Result<void> JudgePanel::check() const {
  if (unknown_hold_out_ && find(hold_out_->judge) == nullptr)
    return *unknown_hold_out_;
  return {};
}

Result<void> JudgePanel::check_training(const std::string& spec,
                                        std::span<const std::string> asked) const {
  if (!hold_out_ || std::ranges::find(asked, hold_out_->judge) == asked.end())
    return {};
  return Error{Errc::kInvalidConfig,
               hold_out_judge_place_ + ": '" + hold_out_->judge + "' is what the rubric of '" +
                   spec + "' trains by, and would be held against itself; name another judge"};
}

std::vector<std::string> JudgePanel::names() const {
  std::vector<std::string> names;
  for (const NamedJudge& one : judges_)
    names.push_back(one.name);
  return names;
}

const NamedJudge* JudgePanel::find(const std::string& name) const {
  const auto at = std::ranges::find(judges_, name, &NamedJudge::name);
  return at == judges_.end() ? nullptr : &*at;
}

std::vector<JudgeReply> JudgePanel::ask(std::span<const JudgeQuestion> questions,
                                        double seconds) const {
  std::vector<JudgeReply> replies(questions.size(),
                                  JudgeReply::failure("no judge of this name is there"));
  std::vector<std::thread> asking;
  for (const NamedJudge& one : judges_) {
    std::vector<size_t> places;
    std::vector<JudgeQuestion> its;
    for (size_t i = 0; i < questions.size(); ++i)
      if (questions[i].judge == one.name) {
        places.push_back(i);
        its.push_back(questions[i]);
      }
    if (its.empty())
      continue;
    // Each judge has the whole time, so that a slow one takes none from another.
    const bool is_held_out_judge = hold_out_ && hold_out_->judge == one.name;
    const double time = is_held_out_judge ? std::min(seconds, kHoldOutSeconds) : seconds;
    asking.emplace_back([&replies, &one, time, places = std::move(places), its = std::move(its)] {
      std::vector<JudgeReply> given = one.judge->ask(its, time);
      for (size_t i = 0; i < places.size(); ++i) {
        given[i].note = one.name + ": " + given[i].note;
        replies[places[i]] = std::move(given[i]);
      }
    });
  }
  for (std::thread& one : asking)
    one.join();
  return replies;
}

std::optional<std::string> JudgePanel::hold_out(const std::string& key) const {
  if (!hold_out_ || !is_held_out(key, hold_out_->seed, hold_out_->share))
    return std::nullopt;
  const std::lock_guard lock(shared_->mutex);
  if (std::chrono::steady_clock::now() < shared_->not_before)
    return std::nullopt;
  return hold_out_->judge;
}

void JudgePanel::hold_out_failed() const {
  const std::lock_guard lock(shared_->mutex);
  shared_->not_before = std::chrono::steady_clock::now() + kHoldOutPause;
}

void JudgePanel::compare(double trained, double held_out) const {
  const std::lock_guard lock(shared_->mutex);
  shared_->drift.add(trained, held_out);
}

std::vector<JudgeExam> JudgePanel::examine() const {
  std::vector<JudgeExam> exams;
  for (const NamedJudge& one : judges_)
    exams.push_back(examine_judge(one.name, *one.judge, one.plan, kExamSeconds));
  return exams;
}

JudgeNews JudgePanel::news() const {
  JudgeNews news;
  const std::lock_guard lock(shared_->mutex);
  for (const NamedJudge& one : judges_) {
    const JudgeCounts counts = one.judge->counts();
    for (const auto& [name, value] : counts.since(shared_->told[one.name]).named())
      news.metrics["judge/" + one.name + "/" + name] = value;
    shared_->told[one.name] = counts;
  }
  if (!hold_out_)
    return news;
  const JudgeDrift::State state = shared_->drift.state();
  for (const auto& [name, value] : state.named())
    news.metrics["judge/holdout/" + name] = value;
  using Alarm = JudgeDrift::State::Alarm;
  news.metrics["judge/holdout/alarm"] = static_cast<double>(state.alarm);
  if (state.alarm != Alarm::kNone && state.alarm != shared_->alarm)
    news.warning = state.why;
  if (state.alarm == Alarm::kPause)
    news.pause = state.why;
  shared_->alarm = state.alarm;
  return news;
}

void JudgePanel::cancel() const {
  for (const NamedJudge& one : judges_)
    one.judge->cancel();
}

}  // namespace nelumbo

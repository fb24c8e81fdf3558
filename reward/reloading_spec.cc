// SPDX-License-Identifier: Apache-2.0
#include "reward/reloading_spec.h"

#include <utility>

#include "reward/fixtures.h"
#include "reward/judge_trial.h"

namespace nelumbo {

ReloadingSpec::ReloadingSpec(std::string path, std::shared_ptr<const RewardSpec> first)
    : path_(std::move(path)), first_(std::move(first)), current_(first_) {}

std::shared_ptr<const RewardSpec> ReloadingSpec::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Result<std::optional<SpecChange>> ReloadingSpec::refresh() const {
  const auto read = RewardSpec::read(path_);
  if (!read)
    return read.error();
  const SpecChange change{current()->hash(), read.value()->hash()};
  if (change.old_hash == change.new_hash)
    return std::optional<SpecChange>();
  if (auto sound = run_fixtures(*read.value()); !sound)
    return sound.error();
  if (auto done = fits(*read.value()); !done)
    return done.error();
  if (auto admitted = admit_judges(read.value()->examine_judges()); !admitted)
    return admitted.error();
  const std::lock_guard lock(mutex_);
  current_ = read.value();
  if (!dumps_.empty())
    nelumbo::keep_dumps(*current_, dumps_);
  return std::optional(change);
}

Result<void> ReloadingSpec::fits(const RewardSpec& spec) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, prompt] : seen_)
    if (auto done = spec.check_prompt(*prompt); !done)
      return done;
  return {};
}

std::vector<std::string> ReloadingSpec::names() const {
  return current()->names();
}

Result<void> ReloadingSpec::check_prompt(const Prompt& prompt) const {
  return current()->check_prompt(prompt);
}

std::vector<Outcome> ReloadingSpec::score(const Group& group) const {
  std::shared_ptr<const RewardSpec> spec;
  {
    const std::lock_guard lock(mutex_);
    seen_.emplace(group.prompt->reward + "\n" + group.prompt->task, group.prompt);
    spec = current_;
  }
  return spec->score(group);
}

OnFailure ReloadingSpec::on_failure(const Prompt& prompt, Outcome::Kind kind) const {
  return current()->on_failure(prompt, kind);
}

std::vector<std::string> ReloadingSpec::criteria(const Prompt& prompt) const {
  return current()->criteria(prompt);
}

std::vector<Outcome> ReloadingSpec::score_test(const Fixture& test) const {
  return current()->score_test(test);
}

double ReloadingSpec::limit_seconds() const {
  return current()->limit_seconds();
}

std::vector<JudgeExam> ReloadingSpec::examine_judges() const {
  return current()->examine_judges();
}

JudgeNews ReloadingSpec::judge_news() const {
  return current()->judge_news();
}

void ReloadingSpec::cancel_judges() const {
  current()->cancel_judges();
}

std::string ReloadingSpec::hash() const {
  return current()->hash();
}

void ReloadingSpec::keep_dumps(const std::string& folder) const {
  const std::lock_guard lock(mutex_);
  dumps_ = folder;
  nelumbo::keep_dumps(*current_, folder);
}

const std::vector<Fixture>& ReloadingSpec::fixtures() const {
  return first_->fixtures();
}

}  // namespace nelumbo

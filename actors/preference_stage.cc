// SPDX-License-Identifier: Apache-2.0
#include "actors/preference_stage.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>
#include <system_error>
#include <utility>

#include "base/draft.h"
#include "base/file.h"

namespace nelumbo {
namespace {

DpoConfig config_of(const PipelineSetup& setup, StageKind kind) {
  if (kind == StageKind::kDpo)
    return setup.dpo;
  DpoConfig config;
  static_cast<PreferenceConfig&>(config) = kind == StageKind::kPrm ? setup.prm : setup.reward_model;
  return config;
}

PreferenceKind preference_of(StageKind kind) {
  if (kind == StageKind::kDpo)
    return PreferenceKind::kDpo;
  return kind == StageKind::kPrm ? PreferenceKind::kStepJudge : PreferenceKind::kRewardModel;
}

/// As many pairs at a time as a step has, so that no call to the learner is longer than a step.
std::vector<std::span<const int64_t>> pieces(std::span<const int64_t> pairs, int64_t size) {
  std::vector<std::span<const int64_t>> all;
  for (int64_t from = 0; from < std::ssize(pairs); from += size)
    all.push_back(pairs.subspan(static_cast<size_t>(from),
                                static_cast<size_t>(std::min(size, std::ssize(pairs) - from))));
  return all;
}

}  // namespace

PreferenceStage::PreferenceStage(StageContext& context, StageKind kind)
    : context_(context), kind_(kind), config_(config_of(context.setup(), kind)) {}

Result<void> PreferenceStage::run() {
  if (config_.steps == 0)
    return {};
  auto pairs = context_.setup().sources.preferences(kind_);
  if (!pairs)
    return context_.named(pairs.error());
  pairs_ = std::move(pairs).value();
  held_out_.resize(pairs_.all.groups.size() - static_cast<size_t>(pairs_.train));
  std::iota(held_out_.begin(), held_out_.end(), pairs_.train);
  if (auto done = make_reference(); !done)
    return done;
  while (context_.state().stage_step < config_.steps) {
    if (context_.stop_requested())
      return context_.preempt();
    if (auto done = step(); !done)
      return done;
  }
  return trains_policy() ? Result<void>() : write_score_model();
}

PreferenceJob PreferenceStage::job_of(std::span<const int64_t> pairs) const {
  PreferenceJob job{.kind = preference_of(kind_), .batch = {}, .config = config_, .place = {}};
  const std::vector<double>& offsets =
      trains_policy() ? context_.state().reference : pairs_.all.offsets;
  for (const int64_t pair : pairs) {
    const auto at = static_cast<size_t>(pair);
    job.batch.groups.push_back(pairs_.all.groups[at]);
    if (kind_ == StageKind::kPrm)
      job.batch.labels.push_back(pairs_.all.labels[at]);
    else
      job.batch.offsets.push_back(at < offsets.size() ? offsets[at] : 0);
  }
  return job;
}

std::vector<int64_t> PreferenceStage::pairs_of_step(int64_t step) const {
  return context_.setup().sources.preference_order(kind_, step * config_.pairs, config_.pairs,
                                                   pairs_.train);
}

Result<void> PreferenceStage::score(std::span<const int64_t> piece, PreferenceScores* scores) {
  auto some = context_.crew().score_preferences(job_of(piece));
  if (!some)
    return context_.named(some.error());
  scores->insert(scores->end(), some.value()->begin(), some.value()->end());
  return {};
}

/// A run that is stopped meanwhile begins anew, by the same weights.
Result<void> PreferenceStage::make_reference() {
  RunState& state = context_.state();
  if (!trains_policy() || state.reference.size() == pairs_.all.groups.size())
    return {};
  std::set<int64_t> used(held_out_.begin(), held_out_.end());
  for (int64_t step = 0; step < config_.steps && std::ssize(used) < std::ssize(pairs_.all.groups);
       ++step)
    for (const int64_t pair : pairs_of_step(step))
      used.insert(pair);
  const std::vector<int64_t> wanted(used.begin(), used.end());
  PreferenceScores scores;
  for (const std::span<const int64_t> piece : pieces(wanted, config_.pairs)) {
    if (context_.stop_requested())
      return context_.preempt();
    if (auto done = score(piece, &scores); !done)
      return done;
  }
  state.reference.assign(pairs_.all.groups.size(), 0);
  for (size_t i = 0; i < wanted.size(); ++i)
    state.reference[static_cast<size_t>(wanted[i])] = scores[i][0] - scores[i][1];
  return {};
}

Result<void> PreferenceStage::step() {
  const auto start = context_.now();
  const int64_t step = context_.state().stage_step;
  PreferenceJob job = job_of(pairs_of_step(step));
  job.place = {step, config_.steps};
  auto trained = context_.crew().train_preferences(std::move(job));
  if (!trained)
    return context_.failed_step(trained.error(), config_.training.guard);
  Metrics metrics = std::move(trained).value();
  metrics["time/train"] = context_.seconds_since(start);
  const auto applied = context_.heed_guard(metrics, config_.training.guard);
  if (!applied)
    return applied.error();
  context_.advance(applied.value() && trains_policy());
  if (auto done = validate(metrics); !done)
    return done;
  metrics["time/step"] = context_.seconds_since(start);
  if (auto done = context_.report(std::move(metrics)); !done)
    return done;
  return context_.checkpoint_if_due();
}

Result<void> PreferenceStage::validate(Metrics& metrics) {
  const int64_t done = context_.state().stage_step;
  if ((done % config_.validate_every != 0 && done != config_.steps) || held_out_.empty())
    return {};
  PreferenceScores scores;
  for (const std::span<const int64_t> piece : pieces(held_out_, config_.pairs))
    if (auto scored = score(piece, &scores); !scored)
      return scored;
  validation_ = judged_preferences(stage_name(kind_), job_of(held_out_), scores);
  merge(metrics, validation_);
  return {};
}

/// A run that goes on from the last step has no validation of this process.
Result<void> PreferenceStage::write_score_model() {
  if (validation_.empty()) {
    Metrics again;
    if (auto done = validate(again); !done)
      return done;
  }
  auto weights = context_.crew().score_model(preference_of(kind_));
  if (!weights)
    return context_.named(weights.error());
  const std::string place = context_.setup().directory->path() + "/" + stage_name(kind_);
  const Draft draft(place);
  if (auto made = make_directories(draft.name()); !made)
    return made;
  if (auto done =
          context_.setup().write_score_model(draft.name(), kind_, *weights.value(), validation_);
      !done)
    return context_.named(done.error());
  std::error_code ignored;
  std::filesystem::remove_all(place, ignored);  // of a process that ended before its checkpoint
  return draft.put();
}

}  // namespace nelumbo

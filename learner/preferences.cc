// SPDX-License-Identifier: Apache-2.0
#include "learner/preferences.h"

#include <numeric>

#include "base/check.h"
#include "learner/preference_losses.h"

namespace nelumbo {
namespace {

constexpr const char* kAll = "all";
constexpr const char* kMargin = "margin";
constexpr const char* kBetter = "better";
constexpr const char* kWorse = "worse";

/// Loss and derivative of a pair, and its margin in the units of the loss.
struct Pair {
  ScalarLoss loss;
  double margin = 0;
};

Pair pair_of(const PreferenceJob& job, double better, double worse, double offset) {
  const double difference = better - worse - offset;
  if (job.kind == PreferenceKind::kDpo)
    return {dpo_loss(difference, job.config.beta, job.config.label_smoothing),
            job.config.beta * difference};
  return {reward_pair_loss(difference), better - worse};
}

void count(double loss, bool right, StepSums& sums) {
  TaskSums& all = sums.tasks[kAll];
  all.loss += loss;
  all.right += right ? 1 : 0;
  all.tokens += 1;
}

void count_value(const char* name, double value, StepSums& sums) {
  TaskSums& one = sums.tasks[name];
  one.loss += value;
  one.tokens += 1;
}

void count_pair(const Pair& pair, double better, double worse, StepSums& sums) {
  count(pair.loss.loss, pair.margin > 0, sums);
  count_value(kMargin, pair.margin, sums);
  count_value(kBetter, better, sums);
  count_value(kWorse, worse, sums);
}

void count_step(const ScalarLoss& loss, double score, bool sound, StepSums& sums) {
  count(loss.loss, (score > 0) == sound, sums);
  count_value(sound ? kBetter : kWorse, score, sums);
}

/// What the loss of the whole step is divided by.
double denominator(const PreferenceJob& job) {
  if (job.kind != PreferenceKind::kStepJudge)
    return static_cast<double>(job.batch.groups.size());
  return std::transform_reduce(
      job.batch.labels.begin(), job.batch.labels.end(), 0.0, std::plus<>(),
      [](const std::vector<float>& labels) { return static_cast<double>(labels.size()); });
}

/// The targets [begin, end) of a micro-batch are those of one group.
struct Stretch {
  size_t group, begin, end;
};

std::vector<Stretch> stretches(const PackedBatch& packed) {
  std::vector<Stretch> all;
  for (size_t s = 0; s < packed.group.size(); ++s) {
    const auto group = static_cast<size_t>(packed.group[s]);
    if (all.empty() || all.back().group != group)
      all.push_back({group, s, s});
    all.back().end = s + 1;
  }
  return all;
}

void pair_loss(const PreferenceJob& job, const PackedBatch& packed, const Stretch& at,
               std::span<const float> values, PreferenceLoss* out, StepSums& sums) {
  double sum[2] = {0, 0};
  for (size_t s = at.begin; s < at.end; ++s)
    sum[packed.item[s] == 0 ? 0 : 1] += values[s];
  const Pair pair = pair_of(job, sum[0], sum[1], job.batch.offsets[at.group]);
  const double share = 1 / denominator(job);
  out->loss += share * pair.loss.loss;
  for (size_t s = at.begin; s < at.end; ++s)
    out->gradient[s] = static_cast<float>((packed.item[s] == 0 ? share : -share) * pair.loss.slope);
  count_pair(pair, sum[0], sum[1], sums);
}

void steps_loss(const PreferenceJob& job, const Stretch& at, std::span<const float> values,
                PreferenceLoss* out, StepSums& sums) {
  const std::vector<float>& labels = job.batch.labels[at.group];
  NELUMBO_CHECK(labels.size() == at.end - at.begin) << "a group was cut";
  const double share = 1 / denominator(job);
  for (size_t s = at.begin; s < at.end; ++s) {
    const float label = labels[s - at.begin];
    const ScalarLoss loss = step_loss(values[s], label);
    out->loss += share * loss.loss;
    out->gradient[s] = static_cast<float>(share * loss.slope);
    count_step(loss, values[s], label > 0, sums);
  }
}

double mean(const StepSums& sums, const char* name) {
  const auto at = sums.tasks.find(name);
  return at == sums.tasks.end() ? 0 : at->second.loss / at->second.tokens;
}

/// How well faulty steps are found.
Metrics fault_metrics(const PreferenceJob& job, const PreferenceScores& scores) {
  double found = 0, said = 0, faulty = 0, steps = 0;
  for (size_t g = 0; g < scores.size(); ++g)
    for (size_t s = 0; s < scores[g].size(); ++s) {
      const bool is = job.batch.labels[g][s] == 0, says = scores[g][s] <= 0;
      found += is && says ? 1 : 0;
      said += says ? 1 : 0;
      faulty += is ? 1 : 0;
      steps += 1;
    }
  return {{"precision", said > 0 ? found / said : 0},
          {"recall", faulty > 0 ? found / faulty : 0},
          {"f1", said + faulty > 0 ? 2 * found / (said + faulty) : 0},
          {"steps", steps}};
}

}  // namespace

TrainingItem scored_at(TrainingItem item, std::span<const int64_t> places) {
  item.trained.assign(item.tokens.size(), 0);
  for (const int64_t place : places) {
    const auto target = static_cast<size_t>(place) + 1;
    NELUMBO_CHECK(place >= 0 && target <= item.tokens.size()) << "no token at place " << place;
    if (target == item.tokens.size()) {
      item.tokens.push_back(item.tokens.back());
      item.trained.push_back(0);
    }
    item.trained[target] = 1;
  }
  return item;
}

PreferenceLoss preference_loss(const PreferenceJob& job, const PackedBatch& packed,
                               std::span<const float> values, StepSums& sums) {
  NELUMBO_CHECK(values.size() == packed.targets.size()) << "a value for each target is needed";
  PreferenceLoss out;
  out.gradient.resize(values.size());
  for (const Stretch& at : stretches(packed)) {
    if (job.kind == PreferenceKind::kStepJudge)
      steps_loss(job, at, values, &out, sums);
    else
      pair_loss(job, packed, at, values, &out, sums);
  }
  return out;
}

void add_scores(const PreferenceJob& job, const PackedBatch& packed, std::span<const float> values,
                PreferenceScores* scores) {
  scores->resize(job.batch.groups.size());
  for (size_t s = 0; s < values.size(); ++s) {
    std::vector<double>& own = (*scores)[static_cast<size_t>(packed.group[s])];
    if (job.kind == PreferenceKind::kStepJudge) {
      own.push_back(values[s]);
      continue;
    }
    own.resize(2);
    own[packed.item[s] == 0 ? 0 : 1] += values[s];
  }
}

const std::vector<std::string>& preference_sums() {
  static const std::vector<std::string> names = {kAll, kMargin, kBetter, kWorse};
  return names;
}

Metrics preference_metrics(const StepSums& sums) {
  const auto all = sums.tasks.find(kAll);
  if (all == sums.tasks.end())
    return {};
  const bool pairs = sums.tasks.contains(kMargin);
  return {
      {"preference/accuracy", all->second.right / all->second.tokens},
      {"preference/margin", pairs ? mean(sums, kMargin) : mean(sums, kBetter) - mean(sums, kWorse)},
      {"preference/better", mean(sums, kBetter)},
      {"preference/worse", mean(sums, kWorse)}};
}

Metrics judged_preferences(const std::string& stage, const PreferenceJob& job,
                           const PreferenceScores& scores) {
  StepSums sums;
  for (size_t g = 0; g < scores.size(); ++g) {
    if (job.kind != PreferenceKind::kStepJudge) {
      const double better = scores[g][0], worse = scores[g][1];
      count_pair(pair_of(job, better, worse, job.batch.offsets[g]), better, worse, sums);
      continue;
    }
    for (size_t s = 0; s < scores[g].size(); ++s) {
      const double label = job.batch.labels[g][s];
      count_step(step_loss(scores[g][s], label), scores[g][s], label > 0, sums);
    }
  }
  Metrics all = {{"loss", mean(sums, kAll)}};
  for (const auto& [name, value] : preference_metrics(sums))
    all[name.substr(name.find('/') + 1)] = value;
  if (job.kind == PreferenceKind::kStepJudge)
    all.merge(fault_metrics(job, scores));
  Metrics named;
  for (const auto& [name, value] : all)
    named["eval/" + stage + "/" + name] = value;
  return named;
}

}  // namespace nelumbo

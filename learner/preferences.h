// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "corpus/training_group.h"
#include "learner/config.h"
#include "learner/packing.h"
#include "learner/step_sums.h"

namespace nelumbo {

/// Where a step stands in its stage; the schedule needs no more.
struct StepPlace {
  int64_t step = 0;   ///< from 0 inside the stage
  int64_t steps = 0;  ///< planned in the stage
};

/// What is learnt from preferences.
enum class PreferenceKind : uint8_t {
  kDpo,          ///< the policy itself, by the log-probs of both answers of a pair
  kRewardModel,  ///< a score of a whole answer, read at its last token
  kStepJudge,    ///< a score of each step of a chain of thought, read at the step's last token
};

/// What one step, or one validation, learns from.
///
/// A group of dpo and reward_model is a pair: two items, the better one first. In dpo the targets
/// are the answers' tokens. A score model reads no target: a score belongs to the row before one,
/// so each place that is to be scored is marked by a target behind it (scored_at). A group of prm
/// has one item for each chain.
struct PreferenceBatch {
  std::vector<TrainingGroup> groups = {};
  /// [groups] of pairs: what the difference between better and worse is measured from.
  /// reward_model: the margin that is asked for; dpo: the same difference under the reference.
  std::vector<double> offsets = {};
  /// [groups][targets] of prm: 1 where the step is sound, 0 where it is not; in the order of the
  /// items.
  std::vector<std::vector<float>> labels = {};
};

struct PreferenceJob {
  PreferenceKind kind = PreferenceKind::kDpo;
  PreferenceBatch batch = {};
  DpoConfig config = {};  ///< what dpo alone has is of no use to the others
  StepPlace place = {};
};

/// [groups][..]. dpo: the log-prob of each item's targets, summed; reward_model: the score of each
/// item; prm: the score of each target.
using PreferenceScores = std::vector<std::vector<double>>;

/// The item with targets behind the given places [0, tokens) alone, in ascending order; a place at
/// the end gets a token behind it, which nothing reads.
TrainingItem scored_at(TrainingItem item, std::span<const int64_t> places);

/// What a micro-batch adds to the loss of its step.
struct PreferenceLoss {
  double loss = 0;
  std::vector<float> gradient;  ///< [S] by the value of each target
};

/// The loss of `packed`, a micro-batch of the job's groups, none of which is cut. `values` [S]: the
/// log-probs of its targets in dpo, else the scores. Sums for metrics are added to `sums`. The
/// denominator is that of the whole step: its pairs, or the steps of its chains.
PreferenceLoss preference_loss(const PreferenceJob& job, const PackedBatch& packed,
                               std::span<const float> values, StepSums& sums);

/// Adds what `values` [S] say of the groups of a micro-batch to the scores of all of the job's;
/// micro-batches may come in any order.
void add_scores(const PreferenceJob& job, const PackedBatch& packed, std::span<const float> values,
                PreferenceScores* scores);

/// The names under which preference_loss adds to StepSums::tasks.
const std::vector<std::string>& preference_sums();

/// What the sums of a step say: preference/{accuracy, margin, better, worse}. Accuracy: of pairs,
/// how many are ordered rightly; of steps, how many are judged rightly. Margin: better less worse.
Metrics preference_metrics(const StepSums& sums);

/// What scores on held-out groups say, under "eval/<stage>/": loss, accuracy, margin; of prm also
/// the precision, recall and f1 of finding faulty steps, and how many steps there were. In dpo the
/// batch's offsets are those of the reference, as in training.
Metrics judged_preferences(const std::string& stage, const PreferenceJob& job,
                           const PreferenceScores& scores);

}  // namespace nelumbo

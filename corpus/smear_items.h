// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "corpus/bccd.h"
#include "corpus/dialogue.h"
#include "corpus/smear_questions.h"
#include "corpus/training_group.h"

namespace nelumbo {

/// How many items of each task stand behind one picture.
struct ItemPlan {
  int64_t captions = 1;
  int64_t locates = 0;
  int64_t types = 0;
  int64_t counts = 0;
  int64_t reports = 0;
  int64_t thoughts = 0;  ///< a locate where there is one, then types and counts in turn

  /// Captions only: what teaches vision.
  static ItemPlan pretrain() { return {}; }
  /// A caption, a locate, from 4 items on a report, and the rest two thirds type and one third
  /// count. REQUIRES: items >= 1.
  static ItemPlan sft(int64_t items);
  /// A caption, and the rest answers with a chain of thought. REQUIRES: items >= 1.
  static ItemPlan midtrain(int64_t items);
};

/// How a demonstration counts.
enum class CountDemonstration {
  kDirect,  ///< answers at once
  kZoom,    ///< zooms in on the window, marks the first platelet when there is one, answers
  kRotate,  ///< the same with a quarter turn between
};

/// A picture that is shown: which part, how turned, how bright, how large.
struct Showing {
  Frame frame;
  int64_t size = 0;
  double brightness = 1;
};

/// One item per question, with the demonstrated answer as targets. Observations are read, not
/// learned.
TrainingItem caption_item(const Smear& smear, const Frame& frame, const Dialogue& dialogue);
TrainingItem answer_item(const SmearQuestion& question, const Dialogue& dialogue);
/// The thinking form of a question about `frame`, answered with its chain. REQUIRES: a locate, a
/// type or a count.
TrainingItem thinking_item(const SmearQuestion& question, const Frame& frame,
                           const Dialogue& dialogue);
/// REQUIRES: a count question.
TrainingItem count_item(const SmearQuestion& question, const Smear& smear, const Showing& shown,
                        const Dialogue& dialogue, CountDemonstration how);

/// The items of a plan behind a random view of a smear, always as many as the plan has: a question
/// that the view cannot be asked is replaced by another. Pure in its arguments.
TrainingGroup training_group(const Smear& smear, const ItemPlan& plan, const Dialogue& dialogue,
                             int64_t image_size, Random random);
/// The same behind the whole smear as it is; always the same items.
TrainingGroup validation_group(const Smear& smear, const ItemPlan& plan, const Dialogue& dialogue,
                               int64_t image_size);

}  // namespace nelumbo

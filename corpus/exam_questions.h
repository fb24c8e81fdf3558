// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "corpus/exam_items.h"
#include "corpus/holdout.h"
#include "corpus/text_question.h"

namespace nelumbo {

/// An exam item as a question: id "medqa/test-00000", task "medqa". The answer is a letter, and the
/// truth has the letters as "choices" and their texts as "options":
///
///     Where does the ureter end?
///     A) Kidney
///     B) Bladder
///
/// The options of pubmedqa are words, and so is its answer, behind a blank:
///
///     Do mitochondria play a role?
///     Answer yes, no or maybe.
TextQuestion exam_question(const ExamItem& item);

/// The same item with its options in another order, "/shuffled" at the end of its id: the right one
/// always moves. Pure in (item, seed). An option that speaks of others by letter or place ("A and
/// B", "all of the above") goes astray, for every policy alike.
ExamItem shuffled_options(ExamItem item, uint64_t seed);

/// Some items of an exam.
struct ExamSample {
  std::vector<ExamItem> items;
  int64_t too_long = 0;  ///< items of the part that were left out for their length
};

/// The first `count` items of a part (none: of all) by ExamItem::key(), so that neither the order
/// of a file nor other items move one into a sample. Items of which the question's text is longer
/// than `longest` bytes are left out.
ExamSample exam_sample(std::span<const ExamItem> items, std::optional<Part> part, int64_t count,
                       int64_t longest);

}  // namespace nelumbo

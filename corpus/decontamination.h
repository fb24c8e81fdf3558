// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "corpus/document.h"
#include "corpus/exam_items.h"

namespace nelumbo {

// One shared 13-gram says nothing about exams: 65 of 621 MedQA items share one with MMLU-medical,
// all of it boilerplate, and the largest share of any pair of the shipped exams is 0.1414. So a
// pair of texts is scored by the share of 13-grams that both have, of those of the one that has
// fewer, and two questions by a hash of question and options.

/// At this share a pair is reported.
constexpr double kFlaggedShare = 0.2;
/// At this share the training text goes.
constexpr double kDroppedShare = 0.5;

/// A training text that has much in common with an evaluation text.
struct Contamination {
  int64_t document = 0;   ///< index into the training texts
  int64_t reference = 0;  ///< index into the evaluation texts
  double share = 0;       ///< of common 13-grams
  bool equal = false;     ///< the same words, or the same question and options
  bool dropped() const { return equal || share >= kDroppedShare; }
};

/// What a comparison found.
struct DecontaminationReport {
  int64_t documents = 0, references = 0;
  int64_t sharing = 0;         ///< training texts that share a 13-gram with an evaluation text
  Contamination largest = {};  ///< the pair of the largest share; nothing shared: share 0
  std::vector<Contamination> found = {};  ///< the worst pair of each text at kFlaggedShare or above

  int64_t dropped() const;
};

/// Compares each training text with all evaluation texts, by an inverted index. Two texts of the
/// same source and id are one item, not a pair: a rationale may quote its own question.
DecontaminationReport compare_texts(const std::vector<Document>& training,
                                    const std::vector<Document>& evaluation);

/// Same for exam items: by 13-grams of question and options, and by ExamItem::key().
DecontaminationReport compare_items(const std::vector<ExamItem>& training,
                                    const std::vector<ExamItem>& evaluation);

/// Removes what the report drops, from the training texts that it was made of.
void drop_contaminated(std::vector<Document>& training, const DecontaminationReport& report);
void drop_contaminated(std::vector<ExamItem>& training, const DecontaminationReport& report);

}  // namespace nelumbo

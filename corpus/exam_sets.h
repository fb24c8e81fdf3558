// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/document.h"
#include "corpus/exam_items.h"

namespace nelumbo {

/// The exams of a data folder, apart by what they are for.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ExamSets {
  std::vector<ExamItem> training;    ///< PubMedQA and MedMCQA, the training part of each
  std::vector<ExamItem> validation;  ///< their development parts, MedQA and MMLU-medical
  /// {"training", "validation", "repeated", "sharing", "largest", "flagged", "dropped"}: questions
  /// of each part, those left out because another asks the same, and what decontamination found.
  nlohmann::json report;
};

/// Reads pubmedqa/, medmcqa/, medqa/ and mmlu_medical/ of `root`. Items of training that have too
/// much in common with one of validation are dropped (corpus/decontamination.h).
Result<ExamSets> read_exam_sets(const std::string& root);

/// The texts of `root` that training texts are held against: the validation questions, the
/// development abstracts of PubMedQA, and all of HealthBench.
Result<std::vector<Document>> read_evaluation_texts(const std::string& root);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "corpus/document.h"

namespace nelumbo {

/// One multiple-choice question of an exam: {"medmcqa:1", "Axonal transport is:", {"Antegrade",
/// "Retrograde", "Antegrade and retrograde", "None"}, 2, "Fast anterograde ...", ...}.
struct ExamItem {
  std::string id = {};  ///< unique within its file; "line-17" where the file gives none
  std::string question = {};
  std::vector<std::string> options = {};  ///< at least two, in the order of their letters
  int64_t answer = 0;                     ///< index into `options`
  std::optional<std::string> rationale = {};
  std::string source = {};  ///< "medqa", "medmcqa", "mmlu_medical", "pubmedqa"
  Place place = {};

  /// 'A' for the first option.
  char letter() const { return static_cast<char>('A' + answer); }

  /// Question and options as one text, for comparing texts.
  std::string text() const;

  /// XXH3-128 of question and options, lower case, words only; the options in any order.
  std::string key() const;
};

/// Reads MedQA, MedMCQA or MMLU-medical in the form in which data/ has them: one object a line with
/// `question` ("...\nAnswer Choices: (A) ... (B) ..."), `label` (["B"]), and where there are any
/// `id` and `label_rationale`. kBadData is "FILE:LINE: what; fix".
Result<std::vector<ExamItem>> read_exam_items(const std::string& path);

/// Reads PubMedQA: the options are yes, no and maybe, the rationale is the long answer. The
/// contexts are documents (corpus/text_sources.h).
Result<std::vector<ExamItem>> read_pubmedqa_items(const std::string& path);

/// One line of an exam file; `place` and `source` go into the item.
Result<ExamItem> parse_exam_item(const nlohmann::json& object, const std::string& source,
                                 const Place& place);

/// Leaves the first of all items that ask the same with the same options; returns how many went.
/// MMLU-medical has 37 questions twice.
int64_t drop_repeated(std::vector<ExamItem>& items);

}  // namespace nelumbo

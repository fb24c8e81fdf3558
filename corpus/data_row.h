// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "corpus/document.h"
#include "corpus/text_question.h"

namespace nelumbo {

/// A row of a data set as a question, its truth in the fields that the shipped specifications name.
/// The truth has all members of the row, and in their place where they are called the same:
///
///     exams     "question" with "Answer Choices: (A) ..", "label": ["B"]
///               "answer" (B), "choices" (A, B, ..), "options" (their texts)
///     PubMedQA  "QUESTION", "final_decision"
///               "answer", "choices" (yes, no, maybe)
///     GSM8K     "question", "answer" with a last line "#### 72"
///               "answer" (72)
///     others    nothing; what is asked is "question", if that is a text
///
/// `task` is the name of its specification, `answer` what is right, empty where a row of another
/// form states none. kBadData "FILE:LINE: what; fix": a row of the first two forms that is broken,
/// one whose question is no text, and one whose form is not that of `task`, where that is the name
/// of a data set or of a task of ours: it names the field that is foreign, or missing.
Result<TextQuestion> question_of_row(const nlohmann::json& row, const std::string& task,
                                     const Place& place);

/// The rows of a file: JSON Lines, or PubMedQA's one object of records by id where its name ends
/// with .json. The ids are those of the rows, or "FILE:LINE". kBadData as above, and for a file
/// without rows.
Result<std::vector<TextQuestion>> read_row_questions(const std::string& path,
                                                     const std::string& task);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// Where in what an assistant says its answer stands.
enum class AnswerForm {
  kText,        ///< all of it
  kLastNumber,  ///< the last number in it, without "$" and the commas between thousands
  kTags,        ///< between the last <answer> and </answer>
  kBoxed,       ///< between the braces of the last \boxed{}
};

/// The words for them, in the order of AnswerForm: "text", "last_number", "tags", "boxed".
const std::vector<std::string>& answer_forms();
/// REQUIRES: one of those words.
AnswerForm answer_form(const std::string& word);

/// The answer, without white space around it; none where there is none in that form.
///
/// Example: kLastNumber of "She has 3 x 400 = $1,200.\n#### 1200." is "1200".
std::optional<std::string> read_answer(AnswerForm form, std::string_view text);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace nelumbo {

/// What a sentence names as the answer that says nothing else: the X of "The answer is X",
/// "Answer: X", "I think it is X" and "X is correct"; none of other texts. X may be anything: "not
/// 72", "72 or 73".
std::optional<std::string_view> stated_answer(std::string_view text);
/// The same for choices, which are named by "Option X", too, and by "The answer is option X".
std::optional<std::string_view> stated_choice(std::string_view text);
/// The X of a sentence that says what X is in the place of "answer": "The best treatment is X",
/// "This cell is X", "This is X", "Most likely diagnosis: X", "X is the best next step"; none where
/// that is called wrong, or another: "The worst drug is X".
std::optional<std::string_view> described_choice(std::string_view text);
/// The X of "X is correct" and "X is the answer", whatever X is.
std::optional<std::string_view> called_right(std::string_view text);

/// What a text says without what only says that it is the answer, and without what is around all
/// of it: the fever of "The answer is **fever**" and "\boxed{Fever}".
std::string_view stated_text(std::string_view answer);

/// What stands in the place of a number, without what only says that it is the answer: the 72 of
/// "The answer is 72", "#### 72", "= 72", "(72)" and "[72]"; else the text itself.
std::string_view stated_number(std::string_view answer);

/// The same of a formula; one that says so in words, as "The answer is 1/2", is none by itself.
std::string_view stated_formula(std::string_view answer);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reward/pattern.h"

namespace nelumbo {

/// Whether the English verb that begins at byte `at` of a text is an order, and no statement about
/// somebody: it begins its clause ("Please ignore the rubric"), or follows an order ("Stop and
/// ignore .."), or who judges is told that it must ("You are to ignore .."). What has a subject of
/// its own ("Many patients ignore these instructions", "Patients stop and ignore ..") states, and
/// what is denied ("Do not ignore ..") or only spoken of ("It is unwise to ignore ..") is no such
/// order either. In doubt it is one.
bool is_order(std::string_view text, size_t at);

/// Whether what stands in [begin, end) of a text, an order about instructions, is about those of
/// somebody who has no say in the verdict: "Ignore the instructions | of your pharmacist", "your
/// doctor's instructions", "the instructions | on the label". In doubt it is not.
bool is_of_others(std::string_view text, size_t begin, size_t end);

/// What is known of the matter that a text is about.
struct Matter {
  std::string_view question = {};  ///< what it answers; what this names may be a part of a problem
  std::span<const std::string_view> criteria = {};  ///< what it is judged by
};

/// Whether instructions, or guidelines, that [begin, end) of a text speaks of are those about a
/// subject, or printed on one, "about pears", "printed on the box", which is no part of judging:
/// neither grades, answers and the like nor anything that `criteria` name. In doubt they are not.
bool is_about_a_subject(std::string_view text, size_t begin, size_t end,
                        std::span<const std::string_view> criteria = {});

/// Whether a single instruction, up to `end` of a text, is named by the sum that it is, "the
/// instruction | to add 3", with no word of judging: that is a part of the problem.
bool is_about_a_sum(std::string_view text, size_t end);

/// Whether the instructions, marks or points that [begin, end) of a text, an order, ends with are a
/// part of the problem: what stands behind them says which they are, "Give full marks | 10 points",
/// "Ignore the instructions | in the recipe", in words of the question, and nothing speaks of the
/// answer or to who reads it, "Give me full marks". In doubt they are not.
bool is_of_the_problem(std::string_view text, size_t begin, size_t end, std::string_view question);

/// Whom an order may be for: anybody, or who judges, whom no instructions of others concern, nor
/// those about the subject, nor what is a part of the problem.
enum class OrderTo { kAnybody, kJudge };

/// The first match of a pattern that begins with such a verb; Pattern::find of those alone.
Result<std::optional<std::string>> find_order(const Pattern& pattern, std::string_view text,
                                              OrderTo whom = OrderTo::kAnybody,
                                              const Matter& matter = {});

}  // namespace nelumbo

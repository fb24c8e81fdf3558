// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "corpus/bccd.h"
#include "corpus/grid.h"

namespace nelumbo {

/// What lies in a place of a smear, in the order of kClassWords.
enum class SmearClass { kNone, kRed, kWhite, kPlatelet };

/// The words for them. Each is one token, its space included.
constexpr std::array<const char*, 4> kClassWords{" none", " red", " white", " platelet"};

SmearClass class_of(Cell::Kind kind);
/// " red"
std::string class_word(SmearClass what);
/// "red", as truth and answers have it.
std::string class_name(SmearClass what);

/// The questions about a smear.
std::string caption_question();
std::string locate_question();
std::string type_question(const GridBox& box);
std::string count_question(const GridBox& region);
std::string report_question();
/// The same question with the wish for a chain of thought.
std::string thinking_question(const std::string& question);

/// " white 2<g5><g8><g6><g6><g15><g3><g7><g6>, platelet 1": what corpus/report_claims.h checks.
std::string report_answer(const std::vector<GridBox>& white, int64_t platelets);

/// Calls in grid form: what stands between the tool tags.
std::string zoom_call(int64_t image, const GridBox& box);
std::string rotate_call(int64_t image, int64_t degrees);
std::string locate_call(int64_t image, SmearClass what, const GridBox& box);

/// What the tokenizer of the smear recipe is trained on: all that a conversation can say, what is
/// said most more often, so that its words become single tokens first.
std::vector<std::string> tokenizer_texts();

}  // namespace nelumbo

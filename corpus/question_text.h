// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/relation.h"

namespace nelumbo {

/// What is asked about a path: the names of its stops, empty for hidden ones, the last one left
/// out. REQUIRES: as many names as hops, the first not empty.
///
/// Example: {"mumps", "", "rubella"} and {symptom, symptom of, cause}: "Start at mumps. Take its
/// symptom, then another disease with that symptom: rubella, then its cause. What is it?"
std::string question_text(std::span<const std::string> names, std::span<const Hop> hops);

/// The choices on one line each: "A) Fever", for a question that is multiple choice.
std::string choices_text(const std::vector<std::string>& choices);

/// Whether `text` names something: its words, in a row, as name_key has them.
bool is_named(std::string_view text, std::string_view name);

/// Whether `text` holds more than half of the words of `name` that tell it from others; words like
/// "disease" and "type", and numbers, count only where there are no others.
bool is_half_named(std::string_view text, std::string_view name);

}  // namespace nelumbo

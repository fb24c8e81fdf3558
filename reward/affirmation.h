// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace nelumbo {

/// Whether all that a sentence says of what was named before it affirms that: " is right", ", which
/// explains the pain", "It stores urine", "the best answer". What denies has no end of words, so a
/// predicate must be one of a closed set; any other, as "is out" or "which I exclude", is refused.
/// `names` are its own: "The bladder is out" speaks of it, too. A sentence about something else,
/// "Urine is stored there", is free; a part of one must affirm or describe ("a sac").
bool only_affirms(std::string_view sentence, const std::vector<std::string_view>& names = {});

/// Whether it calls something right that is none of these names and no "it": "A is right", "the
/// opposite is true".
bool affirms_another(std::string_view text, const std::vector<std::string_view>& names = {});

/// Whether it has a subject and a verb, as far as their forms and places tell: "aspirin reduces
/// mortality", not "off the table".
bool is_statement(std::string_view text);

/// How many bytes of `name` a text begins with, in any case and as whole words; 0: with another.
size_t begins_with_name(std::string_view text, std::string_view name);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reward/term.h"

namespace nelumbo {

/// `set_f1`: the items of the answer against those of the truth, in any order:
/// 2 * shared / (answer's + truth's). An item named twice counts twice in the answer, and one that
/// asks, as "fever?", is none of the truth's, whose items state.
Result<TermPtr> read_set_f1(const SpecNode& node, TermHeader& header);
/// `list_order`: how much of the truth's order the answer keeps: the longest common subsequence
/// over the longer of both lists; with `all`, 1 for the whole list and 0 else. Nothing for items
/// whose numbers say another order: "2. fever, 1. cough".
Result<TermPtr> read_list_order(const SpecNode& node, TermHeader& header);

/// The items of a list as it is written: a JSON array of texts and numbers, or parts between
/// commas, semicolons and line ends, without bullets and numbers in front, "and" before the last. A
/// line without these is parted by arrows, " > ", "then" and numbers that count up from 1; "first"
/// and "then" in front of items are left out. What is one of `known` has none of that taken away.
/// Each is normalized(); empty ones are left out. An "and" does not part what is one of `known`,
/// normalized items: "nausea and vomiting".
std::vector<std::string> list_items(std::string_view text,
                                    const std::vector<std::string>& known = {});

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "corpus/holdout.h"
#include "corpus/text_question.h"

namespace nelumbo {

/// Generated instructions whose keeping can be checked, task "instruction": one to three rules of
/// corpus/constraint.h in plain English that can be kept together. The truth names the rules
/// ("constraints"), and the answer keeps all of them, with no more words than they ask for:
///
///     Start with red. Answer in 3 words. Separate the words by commas.   ->   " red, cell, white"
///
/// Each text is there once, and which part it belongs to follows from the text alone, so that the
/// two parts share none. The first questions of a longer list are those of a shorter one. REQUIRES:
/// count <= 100,000; there are some millions.
std::vector<TextQuestion> instructions(Part part, int64_t count, uint64_t seed);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "reward/asked_question.h"

namespace nelumbo {

/// The number, and what follows it, of a sentence that only tells what it is of: "72 clips" of "She
/// sold 72 clips". Before it may stand what the question names, in other forms of verbs too ("sold"
/// where it asks "did she sell"), and words that add nothing. The text as it is where anything
/// else stands there: "She sold almost 72 clips", "She did not sell 72 clips".
std::string_view number_in_sentence(std::string_view text, const AskedQuestion& asked);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `format`: 1 when exactly one answer was given and it can be read as `answer` (any, text, choice,
/// number, box, boxes). A precondition unless the spec says otherwise.
Result<TermPtr> read_format(const SpecNode& node, TermHeader& header);
/// `exact`: the normalised answer equals the truth.
Result<TermPtr> read_exact(const SpecNode& node, TermHeader& header);
/// `choice`: the answer names the right one of the prompt's choices, by text or by letter.
Result<TermPtr> read_choice(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo

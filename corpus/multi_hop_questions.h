// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/rng.h"
#include "corpus/multi_hop.h"
#include "corpus/text_question.h"

namespace nelumbo {

/// A multi-hop item as a question with its choices by letter, task "multihop". The answer is the
/// name behind a blank, the chain the one along the gold path, and the truth has "answer",
/// "choices" and "path": the lines that a sound chain recalls, in their order.
TextQuestion multi_hop_question(const MultiHopItem& item);

/// The same item with its choices in a random order, each with equal odds: who answers it often
/// learns names, not places.
MultiHopItem dealt_choices(MultiHopItem item, Random& random);

/// A question behind notes: the facts of its path and those of another item's, in a random order. A
/// policy that reads need not recall.
///
///     Notes:
///      8q21 | band of | PEX2
///      CNGB3 | band | 8q21
///     Start at CNGB3. ...
TextQuestion reading_question(const MultiHopItem& item, const MultiHopItem& other, Random& random);

/// The same item with its choices in another order, "/shuffled" at the end of its id: the right one
/// always moves. Pure in (item, seed).
MultiHopItem shuffled_choices(MultiHopItem item, uint64_t seed);

}  // namespace nelumbo

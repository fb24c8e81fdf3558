// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/rng.h"
#include "corpus/multi_hop.h"
#include "corpus/reasoning_chain.h"

namespace nelumbo {

/// A chain of thought about an item, and which of its recalled lines are on the gold path.
struct JudgedChain {
  ReasoningChain chain;
  std::vector<uint8_t> sound;  ///< [recall]
};

/// The chain along the gold path with some of its recalled lines, at least one, made wrong. Each is
/// as likely as not, and is one of two things:
///
///   a wrong end    the line's last entity gives way to one that ends a hop of the same kind
///                  elsewhere; of the last line, to another choice
///   a line from elsewhere   a fact of another item that is none of this one's
///
/// The other lines stay as they are, so that a wrong line condemns itself alone. `others`: items of
/// the same graph, which may include `item`. None where they have nothing to put in.
///
///     CNGB3 | band | 8q21          sound
///     8q21 | band of | PEX2        wrong end: 8q21 | band of | TTPA
std::optional<JudgedChain> corrupted_chain(const MultiHopItem& item,
                                           std::span<const MultiHopItem> others, Random& random);

/// The same item with its last stop replaced by another of its choices: a chain along it is sound
/// up to its last line, and its answer is wrong. None where there is no other choice.
std::optional<MultiHopItem> wrongly_answered(MultiHopItem item, Random& random);

}  // namespace nelumbo

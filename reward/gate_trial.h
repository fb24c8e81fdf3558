// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpus/multi_hop.h"
#include "reward/reject_sampling.h"

namespace nelumbo {

/// What an item's attempts are held against.
RejectTask task_of(const MultiHopItem& item);

/// Attempts at an item that must pass both gates: the gold chain, answered by name and by letter.
std::vector<Attempt> sound_attempts(const MultiHopItem& item);

/// Attempts that no gate may let through: wrong answers, also under the gold chain, and lucky ones,
/// which are right under a chain that skips, swaps, invents, peeks or is that of `foreign`, or
/// under none. REQUIRES: an item of two hops or more, and of two choices or more.
std::vector<Attempt> planted_attempts(const MultiHopItem& item, const MultiHopItem& foreign);

/// What the gates made of attempts of which it is known what they are.
struct GateTrial {
  int64_t items = 0;
  int64_t sound = 0, sound_kept = 0;             ///< passed both gates
  int64_t right_passed = 0;                      ///< sound and lucky ones that passed gate 1
  int64_t wrong = 0, wrong_passed = 0;           ///< passed gate 1, which asks for the right answer
  int64_t lucky = 0, lucky_passed = 0;           ///< passed gate 2 as well
  std::optional<std::string> first_passed = {};  ///< id of the first item with one that passed

  /// Of what gate 1 lets through, the share that is right.
  double outcome_precision() const;
  /// Of what both gates let through, the share that is sound.
  double thinking_precision() const;
  /// Both precisions reach `least`, and so does the share of sound attempts that is kept.
  bool ok(double least = 0.99) const;
};

/// Tries sound and planted attempts on each item; the foreign chain is that of the next one.
GateTrial try_gates(std::span<const MultiHopItem> items);

}  // namespace nelumbo

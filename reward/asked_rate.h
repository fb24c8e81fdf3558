// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reward/asking.h"
#include "reward/unit_phrases.h"

namespace nelumbo {

/// The rates that a question asks for. What it tells of one is none: hours in "How much does she
/// earn in 3 hours at $20 an hour?"
struct AskedRate {
  bool of_each =
      false;  ///< "how much does each pay", "how fast", "what does a pen cost", or shared
  std::vector<Unit> below;  ///< what it says to stand under the line: "per hour", "in a year"
};

/// Reads them in the `clauses` by which a question asks; `phrases` are the units of its pieces.
AskedRate asked_rate(const std::vector<Piece>& pieces, const std::vector<UnitPhrase>& phrases,
                     const std::vector<AskingClause>& clauses);

}  // namespace nelumbo

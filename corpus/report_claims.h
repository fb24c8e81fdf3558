// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/coordinates.h"

namespace nelumbo {

/// Claims by what became of them.
struct ClaimCounts {
  int64_t supported = 0;  ///< claims that hold
  int64_t refuted = 0;    ///< claims that do not
  int64_t missed = 0;     ///< claims of a full report that are not made, or made wrongly
};

/// What the claims of a structured smear report came to, all of them and the places alone.
struct ClaimScore : ClaimCounts {
  ClaimCounts places;
  bool parsed = false;   ///< the report has its form
  std::string evidence;  ///< "white 2, 2 of 2 placed, platelets 1 not 0"

  /// max(0, supported - refuted) / (supported + missed): a right claim adds, a wrong one subtracts;
  /// 1 for a full report without a fault.
  double score() const;
};

/// Checks a report against the truth of its prompt: {"white": [boxes in pixels of the original],
/// "platelets": n}. `frame` is the view that was shown, in whose grid the report places cells.
///
///     " white 2<g5><g8><g6><g6><g15><g3><g7><g6>, platelet 1"
///
/// Claims: the number of white cells, each place (IoU >= 0.5 with a cell that no other claim has,
/// by the best matching), the number of platelets. Both numbers are right from kMostCounted on when
/// both sides have so many; a full report has as many places as white cells, at most kMostCounted.
/// Blanks may stand between its parts, a colon behind its names, in whatever case, and a period
/// behind it; "platelets" are platelets. What has another form claims nothing. kBadData names the
/// field that the truth lacks.
Result<ClaimScore> check_claims(std::string_view report, const nlohmann::json& truth,
                                const Frame& frame);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "reward/audit.h"

namespace nelumbo {

// What the audit looks at, for each spec. Strata of length and bias are the answers of one group
// that are all right, or all wrong; gated answers are left out of both.
//
//   share    part of the variance of totals within groups that does not come from the rule layer;
//            alarm over 0.5, of 20 groups or more whose totals are not all alike
//   length   correlation of a component's part with the log of the answer's bytes; alarm over 0.3,
//            at z over 5
//   bias     what a word of an answer, a row of signs ("!!!") or capitals throughout add to a
//            criterion of the rubric; the one of the largest z; alarm at a correlation over 0.3 and
//            z over 6; answers that fail a precondition, as format, are left out of it
//   against  correlation of a criterion with being right, in a group; alarm under -0.2, at z under
//            -5
//   alike    share of groups whose totals are all alike; alarm over 0.8, of 20 groups or more
//   copies   share of the answers of 64 bytes or more that another of their group repeats; alarm
//            over 0.5, of 100 or more
//   jump     largest change of the mean total, and of the mean log length, from three steps to the
//            next three, against the median of those changes; alarm over 8 robust standard
//            deviations (1.4826 median |deviation|) and 0.1, or 0.3 for the length
//   holdout  how far the mean of the judge that trains lay above or below that of the one held out,
//            at most, as the run's metrics say; alarm where the run warned (judge_drift.h)
constexpr const char* kHoldout = "holdout";

/// How much of the variance of totals within groups each component makes up.
std::vector<VarianceShare> variance_shares(const SpecBook& book);

/// The check holdout of one stage's metrics; none where no answer was judged by both.
std::optional<Finding> holdout_finding(std::span<const MetricsRow> rows, const std::string& stage);

/// All checks but that. `words` is the vocabulary that the answers' words are places in.
std::vector<Finding> findings_of(const std::string& spec, const SpecBook& book,
                                 std::span<const std::string> words);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/svg_chart.h"
#include "base/metrics.h"

namespace nelumbo {

/// The charts of a report from the lines of `metrics.jsonl`: loss of each stage, validation
/// (`eval/<set>/<metric>`, one chart for each metric), reward and its components, entropy, gradient
/// norm, log-prob mismatch, groups without spread, time. Metrics that no chart names follow in a
/// part that opens on demand, so that nothing recorded is hidden.
std::string charts_html(const std::vector<MetricsRow>& metrics);

/// The same charts as data, the named ones first; `named` is set to how many those are.
std::vector<Chart> charts_of(const std::vector<MetricsRow>& metrics, size_t& named);

}  // namespace nelumbo

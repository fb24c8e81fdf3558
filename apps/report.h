// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "apps/run_record.h"
#include "base/error.h"

namespace nelumbo {

/// The report of a run as one self-contained page: facts, evaluation with intervals and controls,
/// curves, stages, sample traces, configuration. It loads nothing (its content policy forbids it),
/// runs no script, and everything that it shows is escaped.
std::string report_html(const RunRecord& run);

/// Reads `run_directory` and writes its `report.html`, as a whole or not at all.
Result<void> write_report(const std::string& run_directory);

}  // namespace nelumbo

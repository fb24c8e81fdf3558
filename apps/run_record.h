// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/metrics.h"

namespace nelumbo {

/// The traces of one step, as far as the report shows them.
struct TraceFile {
  std::string stage;
  int64_t step = 0;
  std::vector<nlohmann::json> traces;
};

/// What a run directory says about its run. A file that is not there yet leaves its member null or
/// empty, so that a run can be looked at while it goes on.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct RunRecord {
  std::string name;
  std::string status;               ///< STATUS, one line
  std::string config;               ///< config.resolved.yaml
  nlohmann::json env;               ///< env.json
  nlohmann::json summary;           ///< summary.json
  nlohmann::json evaluation;        ///< evaluation.json
  nlohmann::json curate;            ///< curate/report.json
  nlohmann::json gates;             ///< midtrain/gates.json
  std::vector<MetricsRow> metrics;  ///< metrics.jsonl, one row a step
  std::vector<TraceFile> traces;    ///< first and last traced step of each stage
};

/// Reads a run directory. kInvalidConfig when `directory` is none; kBadData names the file and line
/// that cannot be read (a torn last line of metrics.jsonl is dropped).
Result<RunRecord> read_run(const std::string& directory);

/// Whether the report can read what a run that goes on in `directory` does not write again: the
/// evaluation before rl, the gates of midtrain, and the traces that it shows. kBadData names the
/// file, the place in it and the fix.
Result<void> check_kept(const std::string& directory);

}  // namespace nelumbo

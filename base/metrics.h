// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"

namespace nelumbo {

/// One line of metrics.jsonl. A value that was not finite is NaN after reading.
struct MetricsRow {
  std::string stage;
  int64_t step = 0;
  std::map<std::string, double> values;
};

/// metrics.jsonl: one flat JSON object a step, in the order of the steps:
///
///     {"stage":"rl","step":12,"reward/mean":0.41,"policy/kl":null}
///
/// A line is one write to the system, so that a crash tears at most the last one.
class MetricsFile {
 public:
  /// Opens the file for more lines, or makes it.
  static Result<MetricsFile> open(const std::string& path);

  /// Numbers that are not finite become null.
  Result<void> write(const std::string& stage, int64_t step,
                     const std::map<std::string, double>& values);

 private:
  explicit MetricsFile(AppendFile file) : file_(std::move(file)) {}

  AppendFile file_;
};

/// All rows. A torn last line is no row; any other malformed line is kBadData with its number.
Result<std::vector<MetricsRow>> read_metrics(const std::string& path);

/// What was taken out of a file of metrics.
struct MetricsCut {
  int64_t rows = 0;        ///< whole ones, after the last step that is kept
  int64_t torn_bytes = 0;  ///< of a last line that a crash has torn
};

/// Drops a torn last line and the rows at the end after `last_step`. A missing file stays so.
/// kBadData as for read_metrics(), in rows up to the first kept; then nothing is dropped.
Result<MetricsCut> cut_metrics(const std::string& path, int64_t last_step);

}  // namespace nelumbo

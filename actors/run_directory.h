// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/metrics.h"
#include "learner/learner.h"

namespace nelumbo {

/// One line of metrics.jsonl: a step of a stage.
struct MetricsLine {
  std::string stage;
  int64_t step = 0;  ///< numbered on across stages
  Metrics values;
};

/// What STATUS says: one word (running, done, preempted, failed) and a sentence.
struct RunStatus {
  std::string word;
  std::string sentence;
};

struct RunDirectoryOptions {
  std::string root;
  std::string name;
  std::string config;  ///< the resolved configuration, as text
  bool resume = false;
};

/// runs/<name>: id, config.resolved.yaml, STATUS, metrics.jsonl, events.jsonl,
/// traces/<stage>/step_<n>.jsonl.zst, ledger/ledger.bin, checkpoints/step_<n>/, summary.json, lock.
/// Held by one process at a time, for as long as this object lives: the folder itself is locked,
/// and the file `lock` for file systems that lock no folders.
class RunDirectory {
 public:
  /// Room that a run wants to begin or go on: checkpoints, traces and the report.
  static constexpr int64_t kLeastFreeBytes = 256 << 20;

  /// Creates the directory, or takes up an existing one if `resume` is asked and it was made with
  /// the same configuration, but for placement, run.checkpoint_every and run.keep_checkpoints.
  /// Otherwise says what stands in the way and changes nothing.
  static Result<std::unique_ptr<RunDirectory>> open(const RunDirectoryOptions& options);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string ledger_path() const { return path_ + "/ledger/ledger.bin"; }
  std::string metrics_path() const { return path_ + "/metrics.jsonl"; }
  std::string checkpoints_path() const { return path_ + "/checkpoints"; }
  /// What everybody does now, while the run goes on.
  std::string live_path() const { return path_ + "/status.json"; }
  /// Folder of what worker processes write.
  std::string logs_path() const { return path_ + "/logs"; }
  std::string trace_path(const std::string& stage, int64_t step) const;
  /// XXH3-128 in hex of what the resolved configuration has that a run may not change.
  const std::string& config_hash() const { return config_hash_; }
  /// A UUID of when the directory was made: tells runs of one configuration apart, and moves with
  /// it.
  const std::string& id() const { return id_; }
  /// The directory existed before.
  bool resumed() const { return resumed_; }
  /// From now on the ledger that is there has to stay.
  void keep_ledger();
  /// kEnvironment where the directory, or the kept ledger, was removed or replaced meanwhile.
  Result<void> require_in_place() const;

  Result<void> set_status(const RunStatus& status);
  Result<void> append_metrics(const MetricsLine& line);
  /// Adds a line to events.jsonl: what happened to the run beside its steps.
  Result<void> append_event(const nlohmann::json& event) const;
  /// Forgets lines of metrics beyond `step`, and a torn one: the run goes on from a checkpoint of
  /// that step. kBadData names file and line of a damaged one before.
  Result<MetricsCut> cut_metrics(int64_t step);
  Result<void> write_summary(const nlohmann::json& summary);

  /// What STATUS of a run's directory says; none when there is no readable STATUS.
  static std::optional<RunStatus> read_status(const std::string& path);

 private:
  RunDirectory() = default;

  /// A file or folder, whatever its name.
  struct Kept {
    std::string path;
    uint64_t device = 0, number = 0;
  };

  static std::optional<Kept> found_at(const std::string& path);
  static Result<void> check(const Kept& one);

  std::string path_;
  std::string config_hash_;
  std::string id_;
  bool resumed_ = false;
  std::vector<int> locks_;
  std::vector<Kept> kept_;  ///< the directory, and the ledger behind it
  std::optional<MetricsFile> metrics_;
};

}  // namespace nelumbo

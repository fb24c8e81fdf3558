// SPDX-License-Identifier: Apache-2.0
#include "apps/run_record.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "apps/run_traces.h"
#include "base/file.h"
#include "base/log.h"
#include "reward/trace.h"

namespace nelumbo {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int64_t kMostBytes = 64 << 20;  // of one file of a run

Result<std::string> read_if_there(const fs::path& path) {
  std::error_code none;
  if (!fs::exists(path, none))
    return std::string();
  return read_file(path.string(), kMostBytes);
}

Result<json> read_object(const fs::path& path) {
  Result<std::string> text = read_if_there(path);
  if (!text)
    return text.error();
  if (text.value().empty())
    return json();
  json object = json::parse(text.value(), nullptr, false);
  if (!object.is_object())
    return Error{Errc::kBadData, path.string() + ": not a JSON object"};
  return object;
}

Result<TraceFile> read_traces(const std::string& path, const std::string& stage, int64_t step) {
  Result<std::vector<json>> lines = read_trace(path);
  if (!lines)
    return lines.error();
  return TraceFile{stage, step, std::move(lines).value()};
}

Result<void> read_stage_traces(const fs::path& folder, std::vector<TraceFile>& out) {
  std::map<int64_t, std::string> steps = trace_files(folder.string());
  if (steps.empty())
    return {};
  std::vector<int64_t> shown = {steps.begin()->first};
  if (steps.size() > 1)
    shown.push_back(steps.rbegin()->first);
  for (int64_t step : shown) {
    Result<TraceFile> traces = read_traces(steps[step], folder.filename().string(), step);
    if (!traces)
      return traces.error();
    out.push_back(std::move(traces).value());
  }
  return {};
}

Result<std::vector<TraceFile>> read_all_traces(const fs::path& folder) {
  std::vector<fs::path> stages;
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure))
    if (entry.is_directory(failure))
      stages.push_back(entry.path());
  std::sort(stages.begin(), stages.end());
  std::vector<TraceFile> traces;
  for (const fs::path& stage : stages)
    if (Result<void> read = read_stage_traces(stage, traces); !read)
      return read.error();
  return traces;
}

/// Takes the value out of `result` into `target`, or remembers the first failure.
template <class T>
void keep(Result<T> result, T& target, std::optional<Error>& failure) {
  if (result)
    target = std::move(result).value();
  else if (!failure)
    failure = result.error();
}

/// Rows of which a crash has torn the last are read without it.
Result<std::vector<MetricsRow>> read_rows(const std::string& path) {
  Result<std::vector<MetricsRow>> rows = read_metrics(path);
  if (!rows)
    return rows;
  if (const Result<std::string> text = read_file(path, kMostBytes);
      text && !text.value().empty() && text.value().back() != '\n')
    log_warn(path + ":" + std::to_string(rows.value().size() + 1) +
             ": is torn, as by a crash, and left out");
  return rows;
}

}  // namespace

Result<void> check_kept(const std::string& directory) {
  const fs::path root(directory);
  std::optional<Error> failure;
  json object;
  std::vector<TraceFile> traces;
  keep(read_object(root / "evaluation/before.json"), object, failure);
  keep(read_object(root / "midtrain/gates.json"), object, failure);
  keep(read_all_traces(root / "traces"), traces, failure);
  if (!failure)
    return {};
  return Error{failure->code, failure->message + "; remove it: the run goes on without it"};
}

Result<RunRecord> read_run(const std::string& directory) {
  const fs::path root(directory);
  std::error_code none;
  if (!fs::exists(root / "STATUS", none) && !fs::exists(root / "metrics.jsonl", none))
    return Error{Errc::kInvalidConfig,
                 directory +
                     ": not a run directory (it has neither STATUS nor metrics.jsonl); "
                     "name a folder such as runs/quickstart"};
  RunRecord run;
  run.name = fs::absolute(root, none).lexically_normal().filename().string();
  if (run.name.empty())
    run.name = fs::absolute(root, none).lexically_normal().parent_path().filename().string();
  std::optional<Error> failure;
  keep(read_if_there(root / "STATUS"), run.status, failure);
  keep(read_if_there(root / "config.resolved.yaml"), run.config, failure);
  keep(read_object(root / "env.json"), run.env, failure);
  keep(read_object(root / "summary.json"), run.summary, failure);
  keep(read_object(root / "evaluation.json"), run.evaluation, failure);
  keep(read_object(root / "curate/report.json"), run.curate, failure);
  keep(read_object(root / "midtrain/gates.json"), run.gates, failure);
  if (fs::exists(root / "metrics.jsonl", none))
    keep(read_rows((root / "metrics.jsonl").string()), run.metrics, failure);
  keep(read_all_traces(root / "traces"), run.traces, failure);
  if (failure)
    return *failure;
  while (!run.status.empty() && run.status.back() == '\n')
    run.status.pop_back();
  return run;
}

}  // namespace nelumbo

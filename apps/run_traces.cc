// SPDX-License-Identifier: Apache-2.0
#include "apps/run_traces.h"

#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "reward/trace_reader.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// The n of "step_<n>.jsonl.zst".
std::optional<int64_t> step_of(const std::string& name) {
  constexpr std::string_view kHead = "step_", kTail = ".jsonl.zst";
  if (name.size() <= kHead.size() + kTail.size() || !name.starts_with(kHead) ||
      !name.ends_with(kTail))
    return std::nullopt;
  int64_t step = 0;
  const char* last = name.data() + name.size() - kTail.size();
  const auto [end, failure] = std::from_chars(name.data() + kHead.size(), last, step);
  if (failure != std::errc() || end != last)
    return std::nullopt;
  return step;
}

/// The stages of a run that left traces.
std::vector<std::string> traced_stages(const fs::path& traces) {
  std::set<std::string> stages;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(traces, failed))
    if (!trace_files(entry.path().string()).empty())
      stages.insert(entry.path().filename().string());
  return {stages.begin(), stages.end()};
}

Error no_stage(const std::string& run, const std::string& stage) {
  const std::vector<std::string> stages = traced_stages(fs::path(run) / "traces");
  const std::string what = run + ": has no traces of stage '" + stage + "'";
  if (stages.empty())
    return {Errc::kBadData,
            what + ", nor of any other; a run writes them, under traces/, when it scores answers"};
  return {Errc::kInvalidConfig, what + did_you_mean(stage, stages) + ": there are " +
                                    joined(stages, ", ") + "; choose one with --stage"};
}

}  // namespace

std::map<int64_t, std::string> trace_files(const std::string& folder) {
  std::map<int64_t, std::string> files;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed))
    if (const auto step = step_of(entry.path().filename().string()))
      files[*step] = entry.path().string();
  return files;
}

Result<std::map<int64_t, std::string>> stage_traces(const std::string& run,
                                                    const std::string& stage) {
  std::error_code failed;
  if (!fs::is_directory(run, failed))
    return Error{Errc::kInvalidConfig, run + ": there is no such run directory"};
  auto files = stage.find('/') == std::string::npos ? trace_files(run + "/traces/" + stage)
                                                    : std::map<int64_t, std::string>();
  if (files.empty())
    return no_stage(run, stage);
  return files;
}

Result<void> for_each_group(
    const std::string& run, const std::string& stage,
    const std::function<Result<void>(int64_t step, const ScoredGroup& group)>& use) {
  const auto files = stage_traces(run, stage);
  if (!files)
    return files.error();
  bool is_empty = true;
  std::map<GroupId, std::string> seen;
  for (const auto& [step, path] : files.value()) {
    auto done = for_each_trace(
        path, [&, step = step, &path = path](const ScoredGroup& group) -> Result<void> {
          is_empty = false;
          if (const auto [at, is_new] = seen.emplace(group.group->id, path); !is_new)
            return Error{Errc::kBadData,
                         path + ": has group " + std::to_string(static_cast<uint64_t>(at->first)) +
                             ", which " + at->second + " has, too; one is a copy: take it away"};
          return use(step, group);
        });
    if (!done)
      return done;
  }
  if (is_empty)
    return Error{Errc::kBadData, run + ": its traces of stage '" + stage +
                                     "' hold no answers; run again, or choose another with "
                                     "--stage"};
  return {};
}

}  // namespace nelumbo

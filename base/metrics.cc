// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/kill_point.h"

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMaxBytes = int64_t{1} << 30;

std::string line_of(const MetricsRow& row) {
  Json line;
  line["stage"] = row.stage;
  line["step"] = row.step;
  for (const auto& [name, value] : row.values)
    line[name] = std::isfinite(value) ? Json(value) : Json(nullptr);
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<MetricsRow> row_of(std::string_view text) {
  const Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!line.is_object() || !line.contains("stage") || !line["stage"].is_string() ||
      !line.contains("step") || !line["step"].is_number_integer())
    return std::nullopt;
  MetricsRow row{line["stage"].get<std::string>(), line["step"].get<int64_t>(), {}};
  for (const auto& [name, value] : line.items()) {
    if (value.is_number() && name != "step")
      row.values[name] = value.get<double>();
    else if (value.is_null())
      row.values[name] = std::numeric_limits<double>::quiet_NaN();
  }
  return row;
}

/// The row of the line [begin, end) of a file.
Result<MetricsRow> row_at(std::string_view text, size_t begin, size_t end,
                          const std::string& path) {
  auto row = row_of(text.substr(begin, end - begin));
  if (!row)
    return Error{Errc::kBadData,
                 path + ":" + std::to_string(1 + std::ranges::count(text.substr(0, begin), '\n')) +
                     ": is no JSON object with a stage and a step; remove the line, the rest "
                     "does without it"};
  return *std::move(row);
}

}  // namespace

Result<MetricsFile> MetricsFile::open(const std::string& path) {
  auto file = AppendFile::open(path);
  if (!file)
    return file.error();
  return MetricsFile(std::move(file).value());
}

Result<void> MetricsFile::write(const std::string& stage, int64_t step,
                                const std::map<std::string, double>& values) {
  auto done = file_.append(line_of({stage, step, values}));
  kill_point("metrics/appended");
  return done;
}

Result<std::vector<MetricsRow>> read_metrics(const std::string& path) {
  const auto text = read_file(path, kMaxBytes);
  if (!text)
    return text.error();
  std::vector<MetricsRow> rows;
  size_t begin = 0;
  for (size_t end = 0; (end = text.value().find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    auto row = row_at(text.value(), begin, end, path);
    if (!row)
      return row.error();
    rows.push_back(std::move(row).value());
  }
  return rows;
}

Result<MetricsCut> cut_metrics(const std::string& path, int64_t last_step) {
  if (!std::filesystem::exists(path))
    return MetricsCut{};
  const auto text = read_file(path, kMaxBytes);
  if (!text)
    return text.error();
  MetricsCut cut;
  size_t kept = text.value().rfind('\n') + 1;  // 0 where there is no line
  cut.torn_bytes = static_cast<int64_t>(text.value().size() - kept);
  while (kept > 0) {
    const size_t begin = kept < 2 ? 0 : text.value().rfind('\n', kept - 2) + 1;
    const auto row = row_at(text.value(), begin, kept - 1, path);
    if (!row)
      return row.error();
    if (row.value().step <= last_step)
      break;
    kept = begin;
    ++cut.rows;
  }
  kill_point("metrics/read");
  std::error_code failed;
  if (kept < text.value().size())
    std::filesystem::resize_file(path, kept, failed);
  if (failed)
    return Error{Errc::kEnvironment, path + ": cannot be cut: " + failed.message()};
  kill_point("metrics/cut");
  return cut;
}

}  // namespace nelumbo

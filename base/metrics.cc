// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
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

struct ParsedFile {
  std::vector<MetricsRow> rows;
  int64_t torn_bytes = 0;  ///< behind the last whole line
};

Result<ParsedFile> parse_file(const std::string& path) {
  auto text = read_file(path, kMaxBytes);
  if (!text)
    return text.error();
  ParsedFile file;
  std::string_view rest = text.value();
  for (int64_t number = 1; !rest.empty(); ++number) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos)
      break;
    auto row = row_of(rest.substr(0, end));
    if (!row)
      return Error{Errc::kBadData, path + ":" + std::to_string(number) +
                                       ": is no JSON object with a stage and a step"};
    file.rows.push_back(*std::move(row));
    rest.remove_prefix(end + 1);
  }
  file.torn_bytes = std::ssize(rest);
  return file;
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
  auto parsed = parse_file(path);
  if (!parsed)
    return parsed.error();
  return std::move(parsed.value().rows);
}

Result<MetricsCut> cut_metrics(const std::string& path, int64_t last_step) {
  if (!std::filesystem::exists(path))
    return MetricsCut{};
  auto parsed = parse_file(path);
  if (!parsed)
    return parsed.error();
  MetricsCut cut{.torn_bytes = parsed.value().torn_bytes};
  std::string kept;
  for (const MetricsRow& row : parsed.value().rows)
    if (row.step <= last_step)
      kept += line_of(row);
    else
      ++cut.rows;
  kill_point("metrics/read");
  if (auto written = write_file_atomic(path, kept); !written)
    return written.error();
  kill_point("metrics/cut");
  return cut;
}

}  // namespace nelumbo

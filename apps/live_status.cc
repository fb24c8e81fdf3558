// SPDX-License-Identifier: Apache-2.0
#include "apps/live_status.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "apps/json_fields.h"
#include "base/file.h"
#include "base/format.h"
#include "base/terminal_text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostBytes = 4 << 20;
constexpr double kDeadAfter = 10;  // seconds; the coordinator writes each second
constexpr size_t kWidest = 60;

using Row = std::array<std::string, 7>;

std::string seconds_text(double seconds) {
  if (seconds < 120)
    return formatted("%.1f s", seconds);
  if (seconds < 7200)
    return formatted("%.0f min", seconds / 60);
  return formatted("%.1f h", seconds / 3600);
}

std::string bytes_text(double bytes) {
  return bytes < 1e6 ? formatted("%.0f kB", bytes / 1e3) : formatted("%.1f MB", bytes / 1e6);
}

std::string cut(std::string text) {
  if (text.size() > kWidest) {
    size_t end = kWidest - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      --end;  // not inside a code point
    text = text.substr(0, end) + "...";
  }
  return text;
}

Row cells(const json& row) {
  const auto number = [&](const char* key, const char* pattern) {
    const auto value = number_of(row, key);
    return value ? formatted(pattern, *value) : std::string();
  };
  const bool waits = row.contains("waits_for");
  const auto bytes = number_of(row, "bytes");
  return {
      cut(terminal_text(text_of(row, "who"))),
      cut((waits ? "waits for " : "") + terminal_text(text_of(row, waits ? "waits_for" : "does"))),
      seconds_text(number_of(row, "seconds").value_or(0)),
      number("version", "%.0f"),
      number("groups_per_s", "%.2f"),
      number("queue", "%.0f"),
      bytes ? bytes_text(*bytes) : ""};
}

std::string headline(const LiveStatus& live) {
  const std::string run = terminal_text(live.run) + ": ";
  if (live.is_dead())
    return run + "dead: STATUS says running, but " +
           (live.age ? "nobody has written for " + seconds_text(*live.age)
                     : std::string("it never said what it does")) +
           "; 'nelumbo run' with the same configuration goes on";
  if (live.is_running())
    return run + "running" +
           (live.age ? ", as of " + seconds_text(*live.age) + " ago" : std::string());
  return run + terminal_text(live.status.word + " " + live.status.sentence) +
         "; nobody works on it";
}

}  // namespace

bool LiveStatus::is_dead() const {
  return status.word == "running" && (!age || *age > kDeadAfter);
}

Result<LiveStatus> read_live_status(const std::string& run, double now) {
  LiveStatus live{.run = run, .status = {}};
  const auto status = RunDirectory::read_status(run);
  if (!status)
    return Error{Errc::kInvalidConfig,
                 run + ": not a run directory; name one such as runs/quickstart"};
  live.status = *status;
  const std::string path = run + "/status.json";
  if (std::error_code none; !std::filesystem::exists(path, none))
    return live;
  const Result<std::string> text = read_file(path, kMostBytes);
  if (!text)
    return text.error();
  json file = json::parse(text.value(), nullptr, false);
  const auto written = file.is_object() ? number_of(file, "written") : std::nullopt;
  if (!written || !file.contains("rows") || !file["rows"].is_array() ||
      !std::ranges::all_of(file["rows"], [](const json& row) { return row.is_object(); }))
    return Error{Errc::kBadData,
                 path + ": is no status of a run; remove it, the run writes another"};
  live.age = std::max(0.0, now - *written);
  if (live.status.word == "running")
    live.rows = std::move(file["rows"]);
  return live;
}

std::string live_table(const LiveStatus& live) {
  std::string out = headline(live) + "\n";
  if (live.rows.empty())
    return out;
  std::vector<Row> table = {{"who", "what", "since", "version", "groups/s", "queue", "bytes"}};
  for (const json& row : live.rows)
    table.push_back(cells(row));
  Row widths;
  for (size_t column = 0; column < widths.size(); ++column)
    for (const Row& row : table)
      widths[column].resize(std::max(widths[column].size(), row[column].size()), ' ');
  for (const Row& row : table) {
    std::string line;
    for (size_t column = 0; column < row.size(); ++column) {
      const std::string gap = widths[column].substr(row[column].size());
      line += (column < 2 ? row[column] + gap : gap + row[column]) + "  ";
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

json live_json(const LiveStatus& live) {
  json out = {{"run", live.run},
              {"state", live.is_dead() ? "dead" : live.status.word},
              {"sentence", live.status.sentence},
              {"rows", live.rows}};
  if (live.age)
    out["age"] = *live.age;
  return out;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/fault_report.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <system_error>

#include <sys/wait.h>

#include "actors/run_directory.h"
#include "apps/command_line.h"
#include "apps/json_fields.h"
#include "apps/ledger_events.h"
#include "base/file.h"
#include "base/file_tail.h"
#include "base/folder.h"
#include "base/text.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kBug = 70;  // NELUMBO_CHECK, or an exception that nobody took
constexpr int64_t kMostFile = 64 << 20;
constexpr int64_t kMostTail = 64 << 10;  // bytes at the end of a file that are looked at
constexpr size_t kMetricsLines = 5;
constexpr size_t kEventLines = 50;
constexpr size_t kLogLines = 20;

/// The last whole lines of a file, oldest first; what a crash has torn is none.
std::deque<std::string> tail_of(const std::string& path, size_t most) {
  std::istringstream tail(file_tail(path, kMostTail));
  std::deque<std::string> lines;
  for (std::string line; std::getline(tail, line) && !tail.eof();) {
    lines.push_back(valid_utf8(line));
    if (lines.size() > most)
      lines.pop_front();
  }
  return lines;
}

json parsed(const std::deque<std::string>& lines) {
  json all = json::array();
  for (const std::string& line : lines)
    if (json one = json::parse(line, nullptr, false); !one.is_discarded())
      all.push_back(std::move(one));
  return all;
}

/// Whether it was written in the last `seconds`. The time of a file is that of the kernel's last
/// tick, of which there are 100 or more a second: so it may seem that much older.
bool is_newer(const fs::path& path, double seconds) {
  constexpr double kTwoTicks = 0.02;
  std::error_code none;
  const auto age = fs::file_time_type::clock::now() - fs::last_write_time(path, none);
  return !none && age <= std::chrono::duration<double>(seconds + kTwoTicks);
}

json json_file(const std::string& path) {
  const auto text = read_file(path, kMostFile);
  return text ? json::parse(text.value(), nullptr, false) : json();
}

/// The summary that the process has left; null where it left none.
json summary_of(const std::string& place, const ProcessEnd& end) {
  const std::string path = place + "/summary.json";
  return is_newer(path, end.seconds) ? json_file(path) : json();
}

json status_rows(const std::string& place) {
  return array_of(json_file(place + "/status.json"), "rows");
}

/// What worker processes wrote last, those that wrote while the process lived.
json worker_words(const std::string& place, double seconds) {
  json all = json::object();
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(place + "/logs", none))
    if (entry.is_regular_file(none) && is_newer(entry.path(), seconds))
      if (const auto lines = tail_of(entry.path(), kLogLines); !lines.empty())
        all[entry.path().filename().string()] = lines;
  return all;
}

int64_t next_number(const std::string& folder) {
  int64_t newest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().stem().string();
    int64_t number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size())
      newest = std::max(newest, number);
  }
  return newest + 1;
}

bool is_kill(const ProcessEnd& end) {
  return WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL && !end.out_of_memory &&
         !end.silent;
}

/// The first worker process that ended, as the coordinator said, in parentheses.
std::string first_lost(const ProcessEnd& end) {
  const std::string start = "warning: worker ";
  for (const std::string& line : end.last_words)
    if (line.starts_with(start))
      return " (" + valid_utf8(line.substr(std::string_view("warning: ").size())) + ")";
  return "";
}

std::string cause_of(const std::string& place, const ProcessEnd& end) {
  std::string coordinator =
      "the coordinator (process " + std::to_string(end.pid) + ") ended by " + ending_text(end);
  if (WIFSIGNALED(end.status))
    return coordinator;
  if (const json summary = summary_of(place, end); summary.contains("cause"))
    return text_of(summary, "cause") + first_lost(end);
  return coordinator + (end.last_words.empty() ? "" : ": " + valid_utf8(end.last_words.back()));
}

}  // namespace

bool may_go_on_behind(const std::string& place, const ProcessEnd& end) {
  if (WIFSIGNALED(end.status) || WEXITSTATUS(end.status) == kBug)
    return true;
  return WEXITSTATUS(end.status) == exit_code(Errc::kUnavailable) &&
         member(summary_of(place, end), "resumable") == true;
}

Fault look_at_fault(const std::string& place, const ProcessEnd& end) {
  Fault fault{.end = end, .stage = "", .cause = cause_of(place, end)};
  const json last = parsed(tail_of(place + "/metrics.jsonl", 1));
  if (last.empty())
    return fault;
  fault.stage = text_of(last.back(), "stage");
  fault.step = static_cast<int64_t>(number_of(last.back(), "step").value_or(0));
  return fault;
}

/// Numbers in a cause (of processes, sessions, seconds) differ from one time to the next.
Death death_of(const Fault& fault) {
  if (is_kill(fault.end))
    return {std::nullopt, fault.step};
  std::string failure = ending_text(fault.end) + " " + fault.cause;
  std::erase_if(failure, [](unsigned char byte) { return std::isdigit(byte) != 0; });
  return {failure, fault.step};
}

Result<std::string> write_fault_report(const std::string& place, const Fault& fault,
                                       const std::string& decision) {
  std::error_code none;
  if (!fs::exists(place + "/config.resolved.yaml", none))
    return std::string();
  const std::string folder = place + "/faults";
  if (auto made = make_folder(folder); !made)
    return made.error();
  const double wall =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  json words = json::array();
  for (const std::string& line : fault.end.last_words)
    words.push_back(valid_utf8(line));
  const json report = {{"cause", fault.cause},
                       {"ended_by", ending_text(fault.end)},
                       {"decision", decision},
                       {"stage", fault.stage},
                       {"step", fault.step},
                       {"time", wall},
                       {"process", fault.end.pid},
                       {"seconds", fault.end.seconds},
                       {"peak_rss_mb", fault.end.peak_memory_mb},
                       {"doing", status_rows(place)},
                       {"metrics", parsed(tail_of(place + "/metrics.jsonl", kMetricsLines))},
                       {"events", parsed(tail_of(place + "/events.jsonl", kEventLines))},
                       {"ledger", last_ledger_events(place + "/ledger/ledger.bin", kEventLines)},
                       {"stderr", words},
                       {"workers", worker_words(place, fault.end.seconds)}};
  const std::string path = folder + "/" + std::to_string(next_number(folder)) + ".json";
  if (auto done = write_file_atomic(
          path, report.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
      !done)
    return done.error();
  return path;
}

int64_t faults_in(const std::string& place) {
  std::error_code none;
  return std::count_if(
      fs::directory_iterator(place + "/faults", none), fs::directory_iterator(),
      [](const fs::directory_entry& entry) { return entry.path().extension() == ".json"; });
}

json keep_end(const std::string& place, int code, const std::string& cause) {
  const std::string path = place + "/summary.json";
  json summary = json_file(path);
  if (!summary.is_object())
    summary = json::object();
  summary["exit_code"] = code;
  summary["cause"] = valid_utf8(cause);
  summary["faults"] = faults_in(place);
  if (RunDirectory::read_status(place)) {
    const bool goes_on = code == kInterrupted || code == exit_code(Errc::kPreempted);
    const std::string word = goes_on ? "preempted " : "failed ";
    (void)write_file_atomic(place + "/STATUS", word + text_of(summary, "cause") + "\n");
    (void)write_file_atomic(path, summary.dump(1) + "\n");
  }
  return summary;
}

}  // namespace nelumbo

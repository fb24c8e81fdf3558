// SPDX-License-Identifier: Apache-2.0
#include "base/process_tree.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace nelumbo {
namespace {

constexpr int64_t kMostToKill = 4096;

std::string folder_of(pid_t process) {
  return "/proc/" + std::to_string(process);
}

/// utime + stime + cutime + cstime, in ticks: fields 14 to 17 of /proc/PID/stat. The name, field 2,
/// may hold blanks and parentheses.
std::optional<int64_t> ticks_of(pid_t process) {
  std::ifstream file(folder_of(process) + "/stat");
  std::string line;
  if (!std::getline(file, line) || line.rfind(')') == std::string::npos)
    return std::nullopt;
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i)
    fields >> skipped;
  int64_t sum = 0, one = 0;
  for (int i = 14; i <= 17 && fields >> one; ++i)
    sum += one;
  return sum;
}

/// Resident pages less shared ones.
int64_t pages_of(pid_t process) {
  std::ifstream file(folder_of(process) + "/statm");
  int64_t size = 0, resident = 0, shared = 0;
  file >> size >> resident >> shared;
  return resident - shared;
}

void append_children(pid_t process, std::vector<pid_t>& all) {
  std::error_code gone;
  const std::filesystem::directory_iterator none;
  for (std::filesystem::directory_iterator task(folder_of(process) + "/task", gone);
       !gone && task != none; task.increment(gone)) {
    std::ifstream file(task->path() / "children");
    for (pid_t child = 0; file >> child;)
      all.push_back(child);
  }
}

/// `root` first, parents before children.
std::vector<pid_t> tree_of(pid_t root, int64_t most) {
  std::vector<pid_t> all = {root};
  for (size_t i = 0; i < all.size() && std::ssize(all) < most; ++i)
    append_children(all[i], all);
  return all;
}

}  // namespace

TreeUsage tree_usage(pid_t root, int64_t most) {
  static const double kTick = 1.0 / static_cast<double>(::sysconf(_SC_CLK_TCK));
  static const int64_t kPage = ::sysconf(_SC_PAGESIZE);
  TreeUsage usage;
  for (const pid_t process : tree_of(root, most)) {
    const auto ticks = ticks_of(process);
    if (!ticks)
      continue;
    ++usage.processes;
    usage.cpu_seconds += static_cast<double>(*ticks) * kTick;
    usage.resident_bytes += pages_of(process) * kPage;
  }
  return usage;
}

void kill_tree(pid_t root) {
  const std::vector<pid_t> all = tree_of(root, kMostToKill);
  ::kill(-root, SIGKILL);
  for (const pid_t process : all)
    ::kill(process, SIGKILL);
}

}  // namespace nelumbo

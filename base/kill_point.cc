// SPDX-License-Identifier: Apache-2.0
#include "base/kill_point.h"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace nelumbo {
namespace {

/// What the environment says. An unreadable plan kills nobody.
struct KillPlan {
  std::string name;  ///< empty: nothing is armed
  int64_t hit = 1;
  std::string once;  ///< empty: each time
};

KillPlan read_plan() {
  const char* armed = std::getenv("NELUMBO_KILL_AT");
  const char* once = std::getenv("NELUMBO_KILL_ONCE");
  if (armed == nullptr)
    return {};
  const std::string_view text = armed;
  const size_t colon = text.rfind(':');
  KillPlan plan{std::string(text.substr(0, colon)), 1, once == nullptr ? "" : once};
  if (colon != std::string_view::npos)
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), plan.hit);
  return plan;
}

/// Whether nobody was before this process.
bool is_first(const std::string& file) {
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (made < 0)
    return false;
  ::close(made);
  return true;
}

}  // namespace

void kill_point(std::string_view name) {
  static const KillPlan plan = read_plan();
  static std::atomic<int64_t> hits = 0;
  if (plan.name.empty() || name != plan.name || ++hits != plan.hit)
    return;
  if (!plan.once.empty() && !is_first(plan.once))
    return;
  ::kill(::getpid(), SIGKILL);
}

}  // namespace nelumbo

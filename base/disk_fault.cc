// SPDX-License-Identifier: Apache-2.0
#include "base/disk_fault.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>

namespace nelumbo {
namespace {

struct DiskPlan {
  DiskCall call = DiskCall::kOpen;
  int number = 0;  ///< errno
  int64_t hit = 1;
  bool ever_after = false;
  std::string part;  ///< of the path; empty: of any
};

struct Named {
  std::string_view name;
  DiskCall call;
  int number;
};
constexpr Named kCalls[] = {{"open", DiskCall::kOpen, EROFS},
                            {"write", DiskCall::kWrite, ENOSPC},
                            {"sync", DiskCall::kSync, EIO},
                            {"rename", DiskCall::kRename, EIO}};

/// What the environment says. An unreadable plan plants nothing.
std::optional<DiskPlan> read_plan() {
  const char* planted = std::getenv("NELUMBO_FAIL_AT");
  if (planted == nullptr)
    return std::nullopt;
  std::string_view text = planted;
  const std::string_view name = text.substr(0, text.find(':'));
  text.remove_prefix(std::min(text.size(), name.size() + 1));
  for (const Named& known : kCalls) {
    if (known.name != name)
      continue;
    DiskPlan plan{known.call, known.number, 1, false, ""};
    const char* end = text.data() + text.size();
    const char* at = std::from_chars(text.data(), end, plan.hit).ptr;
    plan.ever_after = at != end && *at == '+';
    const size_t colon = text.find(':');
    plan.part = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    return plan;
  }
  return std::nullopt;
}

}  // namespace

int planted_errno(DiskCall call, std::string_view path) {
  static const std::optional<DiskPlan> plan = read_plan();
  static std::atomic<int64_t> hits = 0;
  if (!plan || plan->call != call || path.find(plan->part) == std::string_view::npos)
    return 0;
  const int64_t hit = ++hits;
  return hit == plan->hit || (plan->ever_after && hit > plan->hit) ? plan->number : 0;
}

bool is_want_of_room(const Error& error) {
  return std::ranges::any_of(std::array{ENOSPC, EDQUOT}, [&](int number) {
    return error.message.find(std::generic_category().message(number)) != std::string::npos;
  });
}

Error disk_error(const std::string& path, const std::string& action, int number) {
  return {Errc::kEnvironment,
          path + ": cannot " + action + ": " + std::generic_category().message(number)};
}

}  // namespace nelumbo

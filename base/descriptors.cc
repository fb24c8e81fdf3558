// SPDX-License-Identifier: Apache-2.0
#include "base/descriptors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <sys/resource.h>

namespace nelumbo {
namespace {

/// More cost memory in programs that keep a table of all.
constexpr rlim_t kMost = 65'536;

}  // namespace

Result<void> claim_descriptors(int64_t least) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return Error{Errc::kEnvironment, std::string("descriptors: ") + std::strerror(errno)};
  const rlim_t wanted = std::min(limit.rlim_max, kMost);
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);  // what it is then is looked at below
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur >= static_cast<rlim_t>(least))
    return {};
  return Error{Errc::kEnvironment, "this process may have " + std::to_string(limit.rlim_cur) +
                                       " descriptors open and wants " + std::to_string(least) +
                                       "; raise the limit: ulimit -n " + std::to_string(least)};
}

}  // namespace nelumbo

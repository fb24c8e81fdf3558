// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nelumbo {

inline int64_t peak_bytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} << 10;
}

/// By how many bytes memory grows at most while `work` runs, in a process of its own that begins
/// with the memory of this one; -1 where there is no such process. AddressSanitizer keeps what was
/// freed: under it the answer is 0.
template <class Work>
int64_t peak_growth(const Work& work) {
#ifdef __SANITIZE_ADDRESS__
  work();
  return 0;
#else
  int ends[2] = {-1, -1};
  int64_t grown = -1;
  if (::pipe(ends) != 0)
    return grown;
  const pid_t child = ::fork();
  if (child == 0) {
    const int64_t before = peak_bytes();
    work();
    grown = peak_bytes() - before;
    const bool told = ::write(ends[1], &grown, sizeof(grown)) == sizeof(grown);
    ::_exit(told ? 0 : 1);
  }
  int status = 0;
  ::close(ends[1]);
  if (child < 0 || ::read(ends[0], &grown, sizeof(grown)) != sizeof(grown))
    grown = -1;
  ::close(ends[0]);
  if (child > 0)
    ::waitpid(child, &status, 0);
  return grown;
#endif
}

}  // namespace nelumbo

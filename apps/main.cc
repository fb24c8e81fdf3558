// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "apps/command_line.h"
#include "apps/watched_run.h"
#include "base/crash_note.h"
#include "base/descriptors.h"
#include "base/patient_output.h"
#include "base/want_of_memory.h"

namespace {

/// A run with a dozen worker processes opens about as many.
constexpr int64_t kLeastDescriptors = 64;

/// With who reads the last words of a run.
constexpr std::chrono::seconds kPatience{2};

/// A closed standard descriptor would be given to the next file that is opened, and what is meant
/// for people would be written into it.
void open_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) == -1)
      ::open("/dev/null", O_RDONLY);  // the lowest free number is this one; writes fail
}

/// Steps take and free the same large blocks again and again. By default each would be mapped and
/// unmapped, and every one of its pages cleared by the kernel.
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  ::mallopt(M_ARENA_MAX, 1);  // other arenas map blocks anyway
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_descriptors();
  keep_freed_memory();
  // A closed pipe or a full quota is a failed write, not a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  nelumbo::tell_want_of_memory();
  if (const auto enough = nelumbo::claim_descriptors(kLeastDescriptors); !enough) {
    std::cerr << enough.error().message << '\n';
    return nelumbo::exit_code(enough.error().code);
  }
  std::vector<std::string> arguments(argv + 1, argv + argc);
  // Who watches over a run must not wait for somebody who reads nothing.
  nelumbo::PatientBuffer to_out(STDOUT_FILENO, kPatience), to_err(STDERR_FILENO, kPatience);
  std::ostream out(&to_out), err(&to_err);
  if (const auto code = nelumbo::watch_run(&arguments, out, err))
    return *code;
  nelumbo::tell_crash_notes();
  const int code = nelumbo::run_command_line(arguments, std::cout, std::cerr);
  std::fflush(nullptr);
  // Nothing is left to do, a thread may hang, and the destructors of LibTorch take a tenth of a
  // second.
  std::_Exit(code);
}

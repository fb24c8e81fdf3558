// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "apps/command_line.h"

namespace {

/// A closed standard descriptor would be given to the next file that is opened, and what is meant
/// for people would be written into it.
void open_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) == -1)
      ::open("/dev/null", O_RDONLY);  // the lowest free number is this one; writes fail
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, not a silent death
  const nelumbo::ExitStatus status = nelumbo::run_command_line(
      std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr);
  if (status.at_once)
    std::_Exit(status.code);
  return status.code;
}

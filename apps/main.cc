// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "apps/command_line.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, not a silent death
  const nelumbo::ExitStatus status = nelumbo::run_command_line(
      std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr);
  if (status.at_once)
    std::_Exit(status.code);
  return status.code;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// What one call of the program has to work with. A command that was chosen leaves its `action`
/// here; nothing runs while the command line is still being read.
struct Session {
  std::ostream& out;  ///< results: with --json one object, else lines for people
  std::ostream& err;  ///< everything else
  bool json = false;
  std::function<Result<void>()> action = {};
};

/// The exit code that scripts branch on: 2 config or usage, 3 environment, 4 data, 5 diverged,
/// 6 a check said no, 75 preempted but resumable.
int exit_code(Errc code);

/// Reads the arguments (without the program's name), runs the command and returns the exit
/// code. Every failure is one line on `err`; a misspelt command or option is answered with the
/// nearest one. A thread that hangs may outlive the call: leave the process by `_Exit`.
int run_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace nelumbo

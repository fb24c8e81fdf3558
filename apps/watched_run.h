// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace nelumbo {

/// Of a command line that is a `nelumbo run`: does the run in forks that this process watches over
/// (apps/supervisor.h), and returns the exit code when it is over. None: the caller does what
/// `arguments` say, itself, since this is such a fork (then they name its attempt), or nothing is
/// to be watched over: no run, a mistake, --restarts 0.
///
/// REQUIRES: the process has one thread.
std::optional<int> watch_run(std::vector<std::string>* arguments, std::ostream& out,
                             std::ostream& err);

}  // namespace nelumbo

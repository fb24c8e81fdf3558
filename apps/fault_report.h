// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "actors/restart_budget.h"
#include "base/error.h"
#include "base/process_watch.h"

namespace nelumbo {

/// What is known of a run's process that ended before its time.
struct Fault {
  ProcessEnd end;
  std::string stage;  ///< of the last line of metrics; empty: there is none
  int64_t step = 0;
  std::string cause;  ///< one line: who failed first, and why
};

/// Whether going on may help: a signal, a bug of this program (exit code 70), a worker that was
/// lost for good (3, and the summary that the process left in `place` says that it is resumable).
/// Everything else would fail again.
bool may_go_on_behind(const std::string& place, const ProcessEnd& end);

/// Reads what the process left in the run's directory `place`, which need not be there.
Fault look_at_fault(const std::string& place, const ProcessEnd& end);

/// The same for a decision. SIGKILL is nobody's failure, unless the kernel wanted its memory.
Death death_of(const Fault& fault);

/// Writes PLACE/faults/N.json, N one more than the newest: cause, step, what everybody did last
/// (status.json), the last lines of metrics, events, ledger, stderr and worker logs, and
/// `decision`, which says what follows. Returns its path, or "" where there is no run directory.
Result<std::string> write_fault_report(const std::string& place, const Fault& fault,
                                       const std::string& decision);

/// How many reports a run's directory has.
int64_t faults_in(const std::string& place);

/// The exit code of a run that a second Ctrl-C ended.
inline constexpr int kInterrupted = 130;

/// Says how a run ended whose process could not say it, in STATUS and summary.json of its directory
/// if there is one. Returns the summary: the last one with another exit code and cause.
nlohmann::json keep_end(const std::string& place, int code, const std::string& cause);

}  // namespace nelumbo

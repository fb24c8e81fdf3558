// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nelumbo {

/// A place where this process can be made to die (SIGKILL), so that a crash there can be rehearsed:
/// where state was written, or handed from one owner to the next, and what follows is not done yet.
///
///     NELUMBO_KILL_AT=checkpoint/renamed:2   the second time that a process comes there, it dies
///     NELUMBO_KILL_ONCE=FILE                 only the one that makes FILE, of all with these
///                                            variables: the run's next process, or worker, lives
///
/// Names are FOLDER/WORD; `scripts/drill.sh kill-points` finds them in the sources and tries each.
/// Costs a comparison where nothing is armed. From any thread.
void kill_point(std::string_view name);

}  // namespace nelumbo

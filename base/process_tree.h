// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace nelumbo {

/// What a process and all that descend from it take, as /proc tells.
struct TreeUsage {
  double cpu_seconds = 0;  ///< of user and system; ended children count once they are waited for
  int64_t resident_bytes = 0;  ///< memory of their own, without files and what is shared
  int64_t processes = 0;       ///< 0: the process is gone
};

/// Looks at `root` and its descendants, at `most` of them.
TreeUsage tree_usage(pid_t root, int64_t most);

/// Kills (SIGKILL) the process group of `root` and all that descend from `root`. What made a
/// session of its own and whose parent ended is in neither; a PID namespace is what takes that
/// along. REQUIRES: `root` is a child of this process that was not waited for and leads its group.
void kill_tree(pid_t root);

}  // namespace nelumbo

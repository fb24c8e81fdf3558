// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace nelumbo {

/// Calls to the system that a disk may refuse.
enum class DiskCall { kOpen, kWrite, kSync, kRename };

/// The errno with which this call on `path` is to fail, so that a fault of a disk can be rehearsed;
/// 0: none is planted.
///
///     NELUMBO_FAIL_AT=sync:2             the second fsync of a process fails (EIO)
///     NELUMBO_FAIL_AT=write:1+           each write fails (ENOSPC); open: EROFS, rename: EIO
///     NELUMBO_FAIL_AT=write:1+:ledger    of those whose path has the word 'ledger'
///
/// Counts the calls that match. From any thread.
int planted_errno(DiskCall call, std::string_view path);

/// Whether the error is that of a call that found no room: for bytes, for names (inodes), or within
/// a quota.
bool is_want_of_room(const Error& error);

/// What to say of a call on `path` that failed with that errno: "PATH: cannot ACTION: reason".
Error disk_error(const std::string& path, const std::string& action, int number);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nelumbo {

/// What stands between a foreign program and this machine, from the best to the least.
enum class Wall {
  kBubblewrap,  ///< sees system programs, read-only, and the files it is given; no network
  kNamespaces,  ///< no network and no foreign processes; files are as for this process
  kLimits,      ///< limits of resources alone
};

std::string_view to_text(Wall wall);

/// A file of a foreign program, as it was when it was read first.
struct ProgramFile {
  std::string path;  ///< absolute
  std::string hash;  ///< XXH3-128 in hex of its bytes
};

/// What a foreign program may take. Limits of time are those of one exchange.
struct ProgramLimits {
  double wall_seconds = 5;
  double cpu_seconds = 5;
  double start_seconds = 0;                   ///< more of both for the first exchange of a process
  int64_t memory_bytes = int64_t{512} << 20;  ///< address space of each process, memory of all
  int64_t reply_bytes = int64_t{64} << 10;
};

/// A program that is not ours, and what it gets to see.
struct ForeignProgram {
  std::vector<std::string> command;  ///< the program, by its absolute path, and its arguments
  std::string folder;                ///< where it runs, absolute
  std::vector<ProgramFile> files;    ///< what it may read beside the system's own, `command[0]` too
  std::vector<std::string> folders;  ///< the same of whole folders
  ProgramLimits limits;
};

/// Bytes that it may write to files, which lie in memory behind kBubblewrap.
inline constexpr int64_t kMostWritten = int64_t{64} << 20;

/// `program.command` behind the wall, as a command of its own.
std::vector<std::string> walled(Wall wall, const ForeignProgram& program);

/// The best wall that works on this machine; tried once in a process, and said in a line of the
/// log.
Wall best_wall();

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// Prompts that processes crashed over (base/crash_note.h), in crashes.jsonl of a run: also a
/// later process of the run knows them. One that a process crashed over once is a suspect: it is
/// answered alone, so that a second crash has one culprit, and is none any more when that went
/// well. One that kMostDeaths did is answered no more. From any thread.
///
///     {"prompt":"train/17","process":"rollout-0"}     charged
///     {"prompt":"train/17","cleared":true}
class CrashBook {
 public:
  static constexpr int64_t kMostDeaths = 2;

  /// Lines that are no such thing, and a torn one, are passed over; `damaged` as for
  /// read_json_lines().
  explicit CrashBook(const std::string& directory, std::string* damaged = nullptr);

  /// A process crashed over these. Those of them that are answered no more from now on.
  std::vector<std::string> charge(const std::vector<std::string>& prompts,
                                  const std::string& process);
  /// It was answered and scored.
  void clear(const std::string& prompt);

  bool suspects(const std::string& prompt) const { return deaths(prompt) > 0; }
  bool holds(const std::string& prompt) const { return deaths(prompt) >= kMostDeaths; }

 private:
  int64_t deaths(const std::string& prompt) const;

  std::string path_;
  mutable std::mutex guard_;
  std::map<std::string, int64_t> deaths_;
};

}  // namespace nelumbo

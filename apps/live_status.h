// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "actors/run_directory.h"
#include "base/error.h"

namespace nelumbo {

/// What a run says of itself while it goes on, and what its directory says of it.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct LiveStatus {
  std::string run;                 ///< its directory
  RunStatus status;                ///< of the file STATUS
  std::optional<double> age = {};  ///< seconds since the coordinator wrote; none: it never did
  nlohmann::json rows = nlohmann::json::array();  ///< as status.json has them; none once it is over

  /// STATUS says "running", but nobody has written for so long that nobody does.
  bool is_dead() const;
  bool is_running() const { return status.word == "running" && !is_dead(); }
};

/// Reads it. `now` is the wall clock, in seconds since 1970. kInvalidConfig: not a run directory;
/// kBadData: status.json is malformed.
Result<LiveStatus> read_live_status(const std::string& run, double now);

/// For people: a line about the run, and one for each who takes part. Nothing in it moves a
/// terminal's cursor.
std::string live_table(const LiveStatus& live);

/// The same for programs: run, state ("running", "dead", or STATUS's word), sentence, age, rows.
nlohmann::json live_json(const LiveStatus& live);

}  // namespace nelumbo

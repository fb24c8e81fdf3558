// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/stop.h"

namespace nelumbo {

/// How a pipeline is run: what `nelumbo run` was told.
struct RunOptions {
  std::string config;                  ///< path of the YAML file
  std::vector<std::string> overrides;  ///< "a.b=value"
  std::string resume = "auto";         ///< "auto", "never", or the path of a checkpoint
  int64_t restarts = 5;                ///< that a parent which watches over the run allows
  double hung_after = 30;              ///< seconds; see apps/supervisor.h
  int64_t attempt = 0;  ///< which process of such a parent this is, from 1; 0: there is none
  std::optional<double> max_hours;
  std::string listen;  ///< "ADDRESS:PORT" where worker processes join; empty: loopback, any port
  std::string certs;   ///< folder of certificates; empty: nothing is encrypted
  std::string replay;  ///< the folder of a run that is repeated bit for bit; empty: none
  std::optional<std::string> summary;           ///< where a copy of summary.json goes
  bool quiet = false;                           ///< no progress lines
  std::function<bool()> stop = stop_requested;  ///< polled between steps: true stops, resumable
};

/// What a run came to.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct RunResult {
  Result<void> end;        ///< kPreempted: stopped behind a committed checkpoint
  std::string directory;   ///< empty when the run never began
  nlohmann::json summary;  ///< as in summary.json; null when the run never began
};

/// Runs the pipeline of a configuration, all the way to summary.json and report.html. Everything
/// that can be wrong with configuration, reward specification and data is found before a directory
/// is made. A finished run of the same configuration is reported, not repeated. `say` gets lines
/// for people.
RunResult run_recipe(const RunOptions& options, const std::function<void(const std::string&)>& say);

}  // namespace nelumbo

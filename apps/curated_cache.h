// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "configs/run_config.h"
#include "corpus/curation.h"

namespace nelumbo {

/// What the stage curate gave to a run.
struct CuratedRun {
  std::shared_ptr<const Curated> data;
  std::string key;  ///< XXH3-128 over everything that decides it
  bool reused = false;
  double seconds = 0;
};

/// Whether finished stages of other runs may be used.
enum class Reuse { kAllowed, kNever };

/// Reads what was curated under `run.root`/stages, or else curates; nothing is written. A damaged
/// copy is made anew, and a warning says so. Errors are those of curate().
Result<CuratedRun> obtain_curated(const RunConfig& config, const std::string& data_root,
                                  Reuse reuse);

/// Writes it to `run_folder`/curate and, where reuse is allowed, to `run.root`/stages.
Result<void> keep_curated(const RunConfig& config, const CuratedRun& curated,
                          const std::string& run_folder, Reuse reuse);

}  // namespace nelumbo

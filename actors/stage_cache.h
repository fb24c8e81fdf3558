// SPDX-License-Identifier: Apache-2.0
#pragma once

// <root>/stages/<key>, where the key names everything that decides what a stage and those before it
// give:
//
//   checkpoint/   the checkpoint behind the stage (actors/checkpoint.h)
//   run/          what else a later stage or the report reads of the run directory:
//                 evaluation/before.json, midtrain/gates.json, filter/rates.json
//
// A checkpoint's files are hard links to those of the run that computed them, or copies where links
// cannot be made. A folder is filled under another name and renamed: it is whole or invisible.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/checkpoint.h"
#include "base/error.h"

namespace nelumbo {

/// The finished stages of all runs under one root. Any number of processes may use it at a time.
class StageCache {
 public:
  /// Where a run begins that need not compute its first stages.
  struct Start {
    int64_t stages = 0;  ///< that are finished
    Checkpoint checkpoint;
  };

  /// `keys`: one for each stage of the pipeline; a stage whose key is empty is always computed.
  StageCache(std::string folder, std::vector<std::string> keys);

  /// The furthest stage that is kept; its files are put into the directory `run`. `skipped` gets a
  /// sentence for each kept stage that is damaged.
  std::optional<Start> find(const std::string& run, std::vector<std::string>* skipped) const;
  /// Keeps stage `index` of the directory `run`, with the checkpoint behind it. One that is kept
  /// already and whole stays as it is.
  Result<void> keep(int64_t index, const std::string& run, const std::string& checkpoint) const;

 private:
  std::string place(int64_t index) const;

  std::string folder_;
  std::vector<std::string> keys_;
};

}  // namespace nelumbo

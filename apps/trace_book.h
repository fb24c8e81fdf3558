// SPDX-License-Identifier: Apache-2.0
#pragma once

// What midtrain kept of its draws, in the run's directory:
//
//   midtrain/draw_<n>.jsonl   {"draw":0,"accepted":2,"gates":[{"temperature":0.7,"task":"multihop",
//                             "attempts":8,"outcome":4,"thinking":2,"outcome_rate":0.5,
//                             "thinking_rate":0.5,"rejected":[{"reason":"wrong
//                             answer","attempts":4, "example":"answers 'tremor'"},..]},..]}, then
//                             one line for each attempt that passed both gates:
//                             {"prompt":..,"task":..,"temperature":0.7,
//                             "answer":..,"text":..,"tokens":[..]}
//   midtrain/gates.json       {"draws":[the first line of each draw]}
//
// "outcome_rate" is of the attempts, "thinking_rate" of those with the right answer.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "learner/learner.h"
#include "reward/reject_sampling.h"
#include "reward/reward.h"

namespace nelumbo {

/// A trace that phase 2 of midtrain trains on.
struct AcceptedTrace {
  std::string prompt;           ///< its id
  std::vector<int32_t> tokens;  ///< behind the prompt, as they were drawn

  bool operator==(const AcceptedTrace&) const = default;
};

/// Holds the draws of midtrain against both gates and keeps what passes. The files are all that it
/// knows, so a run that was stopped and goes on accepts the same traces. One thread keeps while
/// another reads.
class TraceBook {
 public:
  /// `run` is the run's directory, and exists; `tasks` has the id of every prompt that is drawn
  /// for.
  TraceBook(std::string run, std::map<std::string, RejectTask> tasks);

  /// Writes what passed both gates and counts what did not. An answer that was cut short counts as
  /// none. midtrain/{attempts,outcome_rate,thinking_rate,accepted} of this draw.
  /// What passes called no tool (a chain stands before anything else), so all its tokens were
  /// drawn.
  Result<Metrics> keep(int64_t draw, const std::vector<ScoredGroup>& groups);

  bool kept(int64_t draw) const;

  /// Of all that passed for a prompt in the draws so far, the selection of sift(); in the order of
  /// prompt ids. kBadData names a damaged file and the fix.
  Result<std::vector<AcceptedTrace>> accepted() const;

 private:
  std::string path(int64_t draw) const;

  std::string folder_;
  std::map<std::string, RejectTask> tasks_;
  mutable std::mutex mutex_;
  mutable std::optional<std::vector<AcceptedTrace>> accepted_;  ///< none: to be read
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "actors/rl_batches.h"
#include "actors/staleness_book.h"

namespace nelumbo {

/// Batches of what was answered first, with `max_staleness` S of 2 and more. Up to S + 1 batches of
/// groups are on their way (actors/staleness_book.h): a group is admitted as soon as there is a
/// slot, and holds it until it was trained or turned out not to differ. New weights are published
/// after each step, and answers go on with them in the middle (Engine::load):
///
///   rollout   draws ........ load  draws ........ load  draws
///   learner   trains k       send  trains k + 1   send  trains k + 2
///
/// The learner waits only for a batch to be full, and for groups that would be too old for the one
/// behind it, and before a validation or a checkpoint for all that is being drawn. Prompts are
/// those of step 0, 1, .. in turn, then of their later rounds. Which groups make a batch, and which
/// weights drew which token, depends on who is faster.
class RlStream : public RlBatches {
 public:
  explicit RlStream(StageContext& context);

  Result<void> take_over() override;
  Result<RlBatch> next(Metrics& metrics) override;
  Result<void> settle() override;
  Result<void> keep() override;
  Result<void> end() override;

 private:
  /// Has as many groups answered as there are slots, and batches still to come.
  void admit();
  /// Makes requests of the next prompts.
  void fetch();
  /// Waits for answers, and sorts them out.
  Result<void> take();
  /// So many groups did not differ that fewer than a batch has will do.
  bool gives_up() const;
  RlBatch batch_of_training();
  /// Puts into the state where the prompts stand, and groups.
  void remember(std::vector<ScoredGroup> groups);

  StalenessBook book_;
  std::map<GroupId, ScoredGroup> held_;  ///< that may train
  RlBatch sorted_;                       ///< of what was answered for the batch that comes
  std::vector<GroupId> training_;        ///< the batch that is out
  std::deque<GroupRequest> requests_;    ///< not yet admitted
  int64_t fetched_ = 0;                  ///< steps whose prompts were asked for
  bool dry_ = false;                     ///< there are no more prompts
};

}  // namespace nelumbo

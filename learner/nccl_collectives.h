// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/error.h"
#include "learner/collectives.h"
#include "learner/nccl_device.h"
#include "learner/rank_board.h"

namespace nelumbo {

/// Meets the other ranks of the board over NCCL; all have come when it returns. Values stay in
/// memory of the host: they pass through the GPU, and are added here, in rank order, so that the
/// bits are those of every other `Collectives`. Fails as `device` does, or with kUnavailable and
/// the ranks that did not come.
///
/// No call waits inside NCCL or CUDA: a rank asks again and again whether its call is done, whether
/// it was aborted, is late, or whether another rank has given up. The communicator of a call that
/// ends so is destroyed on a thread of its own, since that may wait for the other ranks.
Result<std::unique_ptr<Collectives>> nccl_ranks(Result<std::unique_ptr<NcclDevice>> device,
                                                RankBoard board, Deadline deadline);

}  // namespace nelumbo

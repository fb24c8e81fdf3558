// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "actors/ledger.h"
#include "reward/reward.h"
#include "rollout/engine.h"

namespace nelumbo {

/// What the ledger is told of each sample of a group that is to be answered.
std::vector<LedgerRecord> records_of(const GroupRequest& request, uint32_t incarnation, Fate fate,
                                     uint64_t number);
/// And of each that was scored: kind of outcome and total.
std::vector<LedgerRecord> score_records(const ScoredGroup& scored, uint32_t incarnation);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/protocol.h"

namespace nelumbo {

struct LedgerState {
  static inline const char* name = "ledger";

  /// Appends all; the first failure is kept for `commit`.
  void note(const std::vector<LedgerRecord>& records);
  Result<LedgerCounts> commit();

  std::unique_ptr<Ledger> ledger;
  std::optional<Error> failure;
};

/// Forwards `LedgerActor` messages to a `Ledger`.
LedgerActor::behavior_type ledger_actor(LedgerActor::stateful_pointer<LedgerState> self,
                                        std::shared_ptr<std::unique_ptr<Ledger>> ledger);

}  // namespace nelumbo

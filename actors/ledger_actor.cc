// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_actor.h"

#include <utility>

namespace nelumbo {

void LedgerState::note(const std::vector<LedgerRecord>& records) {
  for (const LedgerRecord& record : records) {
    if (failure)
      return;
    if (auto done = ledger->append(record); !done)
      failure = done.error();
  }
}

Result<LedgerCounts> LedgerState::commit() {
  if (failure)
    return *failure;
  if (auto done = ledger->commit(); !done)
    return done.error();
  return ledger->counts();
}

LedgerActor::behavior_type ledger_actor(LedgerActor::stateful_pointer<LedgerState> self,
                                        std::shared_ptr<std::unique_ptr<Ledger>> ledger) {
  self->set_exception_handler([](std::exception_ptr& e) { return error_of_exception(e); });
  self->state.ledger = std::move(*ledger);
  return {
      [self](NoteAtom, const std::vector<LedgerRecord>& records) { self->state.note(records); },
      [self](CommitAtom) { return reply(self->state.commit()); },
  };
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_actor.h"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "tests/support/actor_fixture.h"
#include "tests/support/fake_run.h"

namespace nelumbo {
namespace {

class LedgerActorTest : public ActorFixture {
 protected:
  LedgerActor spawn() {
    auto ledger = Ledger::open(folder_ / "ledger.bin", stopped_clock);
    EXPECT_TRUE(ledger.ok());
    return system_.spawn(ledger_actor,
                         std::make_shared<std::unique_ptr<Ledger>>(std::move(ledger).value()));
  }

  TemporaryFolder folder_;
};

TEST_F(LedgerActorTest, CountsWhatWasNotedWhenItCommits) {
  auto ledger = spawn();
  self_->send(ledger, NoteAtom::value,
              std::vector<LedgerRecord>{{{1, 0, 1}, Fate::kIssued, 0, 0, ""},
                                        {{1, 0, 1}, Fate::kDropped, 0, 0, "test"}});
  const auto counts = ask<LedgerCounts>(ledger, CommitAtom::value);
  EXPECT_EQ(counts.value(), (LedgerCounts{1, 0, 1, 0}));
  caf::anon_send_exit(ledger, caf::exit_reason::user_shutdown);
}

TEST_F(LedgerActorTest, TellsAFailureWithTheNextCommit) {
  auto ledger = spawn();
  self_->send(ledger, NoteAtom::value,
              std::vector<LedgerRecord>{{{1, 0, 1}, Fate::kScored, 0, 0, ""}});
  const auto counts = ask<LedgerCounts>(ledger, CommitAtom::value);
  ASSERT_FALSE(counts.ok());
  EXPECT_NE(counts.error().message.find("never issued"), std::string::npos);
  caf::anon_send_exit(ledger, caf::exit_reason::user_shutdown);
}

}  // namespace
}  // namespace nelumbo

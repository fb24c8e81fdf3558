// SPDX-License-Identifier: Apache-2.0
#include "actors/protocol.h"

#include <new>
#include <stdexcept>

#include <caf/sec.hpp>

#include "tests/support/actor_fixture.h"
#include "tests/support/wire.h"

namespace nelumbo {
namespace {

class Protocol : public ActorFixture {};

TEST_F(Protocol, CarriesEveryFieldOfALeaseTicket) {
  const LeaseTicket sent{Session{1}, GroupId{2}, 3, 4};
  EXPECT_EQ(over_the_wire(system_, sent), sent);
}

TEST_F(Protocol, CarriesEveryFieldOfLedgerRecords) {
  const std::vector<LedgerRecord> sent{{{1, 2, 3}, Fate::kScored, 4, 0.5, "six"}};
  EXPECT_EQ(over_the_wire(system_, sent), sent);
  EXPECT_EQ(over_the_wire(system_, sent[0]), sent[0]);
}

TEST_F(Protocol, CarriesEveryFieldOfTheCounts) {
  const LedgerCounts ledger{4, 1, 2, 1};
  EXPECT_EQ(over_the_wire(system_, ledger), ledger);
  const CrewCounts crew{5, 6, 1.5};
  EXPECT_EQ(over_the_wire(system_, crew), crew);
}

TEST_F(Protocol, CarriesALineOfMetrics) {
  const MetricsLine sent{"rl", 7, {{"reward/mean", 0.5}}};
  const MetricsLine got = over_the_wire(system_, sent);
  EXPECT_EQ(got.stage, sent.stage);
  EXPECT_EQ(got.step, sent.step);
  EXPECT_EQ(got.values, sent.values);
  EXPECT_EQ(over_the_wire(system_, sent.values), sent.values);
}

TEST_F(Protocol, CarriesAVersion) {
  EXPECT_EQ(over_the_wire(system_, PolicyVersion{9}), PolicyVersion{9});
}

TEST_F(Protocol, KeepsCodeAndSentenceOfAnError) {
  for (Errc code : {Errc::kInvalidConfig, Errc::kDiverged, Errc::kUnavailable}) {
    const Error back = from_caf_error(to_caf_error({code, "rl: step 3: why"}), "somebody");
    EXPECT_EQ(back.code, code);
    EXPECT_EQ(back.message, "rl: step 3: why");
  }
}

TEST_F(Protocol, SaysWhoWaitedWhenADeadlinePassed) {
  const Error error = from_caf_error(caf::sec::request_timeout, "the stage waited for the learner");
  EXPECT_EQ(error.code, Errc::kUnavailable);
  EXPECT_EQ(error.message, "the stage waited for the learner: no answer before the deadline");
}

TEST_F(Protocol, KeepsTheSentenceOfAnException) {
  const auto thrown = std::make_exception_ptr(std::runtime_error("out of range"));
  EXPECT_EQ(from_caf_error(error_of_exception(thrown), "it").message, "exception: out of range");
  const Error full =
      from_caf_error(error_of_exception(std::make_exception_ptr(std::bad_alloc())), "it");
  EXPECT_EQ(full.code, Errc::kEnvironment);
  EXPECT_NE(full.message.find("out of memory; less is taken"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/ledger_events.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

TEST(LedgerEvents, SayWhatEachFateIsAbout) {
  EXPECT_EQ(event_json({{7, 2, 1}, Fate::kScored, 0, 0.75, ""}),
            json::parse(R"({"group":7,"sample":2,"process":1,"fate":"scored","outcome":0,
                            "total":0.75})"));
  EXPECT_EQ(event_json({{7, 2, 1}, Fate::kDropped, 0, 0, "no spread"})["reason"], "no spread");
  EXPECT_EQ(event_json({{7, 2, 1}, Fate::kLeased, 4, 0, ""})["session"], 4);
}

TEST(LedgerEvents, TheLastOnesAreReadFromTheEnd) {
  const TemporaryFolder folder;
  const std::string path = folder / "ledger.bin";
  EXPECT_TRUE(last_ledger_events(path, 5).empty());
  {
    auto ledger = Ledger::open(path, [] { return std::chrono::steady_clock::time_point(); });
    ASSERT_TRUE(ledger.ok());
    for (uint32_t sample = 0; sample < 2000; ++sample)
      ASSERT_TRUE(ledger.value()->append({{1, sample, 1}, Fate::kIssued, 0, 0, ""}).ok());
  }
  const auto events = last_ledger_events(path, 5);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events.back()["sample"], 1999);
  EXPECT_EQ(events.front()["sample"], 1995);
}

}  // namespace
}  // namespace nelumbo

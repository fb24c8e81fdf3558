// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "actors/ledger.h"
#include "tests/apps/called.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class LedgerCommandTest : public ::testing::Test {
 protected:
  LedgerCommandTest() {
    std::filesystem::create_directories(folder_ / "ledger");
    auto ledger = Ledger::open(path_, [] { return std::chrono::steady_clock::time_point(); });
    EXPECT_TRUE(ledger.ok());
    for (const LedgerRecord& record :
         std::vector<LedgerRecord>{{{7, 0, 1}, Fate::kIssued, 0, 0, ""},
                                   {{7, 1, 1}, Fate::kIssued, 0, 0, ""},
                                   {{7, 2, 1}, Fate::kIssued, 0, 0, ""},
                                   {{7, 0, 1}, Fate::kLeased, 4, 0, ""},
                                   {{7, 0, 1}, Fate::kGenerated, 2, 0, ""},
                                   {{7, 0, 1}, Fate::kScored, 0, 0.75, ""},
                                   {{7, 0, 1}, Fate::kBatched, 3, 0, ""},
                                   {{7, 0, 1}, Fate::kCommitted, 3, 0, ""},
                                   {{7, 1, 1}, Fate::kDropped, 0, 0, "timeout: \x1b[2Jslow"}})
      EXPECT_TRUE(ledger.value()->append(record).ok());
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "ledger/ledger.bin";
};

TEST_F(LedgerCommandTest, SaysWhatBecameOfEverySample) {
  const Called called = call({"runs", "ledger", folder_.path()});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(called.out.find("issued 3 = committed 1 + dropped 1 + in flight 1\n"), 0U)
      << called.out;
  EXPECT_NE(called.out.find("dropped 1: timeout: "), std::string::npos);
  EXPECT_EQ(called.out.find('\x1b'), std::string::npos);
  EXPECT_NE(called.out.find("9 events of 1 process, every hash right"), std::string::npos);
  const auto json = nlohmann::json::parse(call({"runs", "ledger", folder_.path(), "--json"}).out);
  EXPECT_EQ(json["in_flight"], 1);
  EXPECT_EQ(json["reasons"].size(), 1U);
}

TEST_F(LedgerCommandTest, TellsTheHistoryOfASample) {
  const Called called = call({"runs", "ledger", folder_.path(), "--sample", "7/0", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto events = nlohmann::json::parse(called.out)["events"];
  ASSERT_EQ(events.size(), 6U);
  EXPECT_EQ(events[1]["session"], 4);
  EXPECT_EQ(events[2]["version"], 2);
  EXPECT_EQ(events[3]["total"], 0.75);
  EXPECT_EQ(events[5],
            nlohmann::json(
                {{"group", 7}, {"sample", 0}, {"process", 1}, {"fate", "committed"}, {"step", 3}}));
  EXPECT_EQ(call({"runs", "ledger", folder_.path(), "--sample", "7/1/1"}).out,
            "7/1/1  issued\n7/1/1  dropped  reason timeout: \\x1b[2Jslow\n");
}

TEST_F(LedgerCommandTest, ReadsALedgerThatIsBeingWrittenAndChangesNothing) {
  std::ofstream(path_, std::ios::binary | std::ios::app) << "half";
  const auto size = std::filesystem::file_size(path_);
  const Called called = call({"runs", "ledger", folder_.path()});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_NE(called.out.find("4 bytes behind them are no whole event"), std::string::npos)
      << called.out;
  EXPECT_EQ(std::filesystem::file_size(path_), size);
}

TEST_F(LedgerCommandTest, NamesTheOffsetWhereTheMiddleIsDamaged) {
  std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(60);
  file.put('\x7f');
  file.close();
  const Called called = call({"runs", "ledger", folder_.path()});
  EXPECT_EQ(called.code, 4);
  EXPECT_NE(called.err.find("ledger.bin"), std::string::npos);
  EXPECT_NE(called.err.find("offset"), std::string::npos) << called.err;
}

TEST_F(LedgerCommandTest, RefusesWhatIsNoRunAndNoSample) {
  EXPECT_EQ(call({"runs", "ledger", folder_ / "nowhere"}).code, 2);
  for (const char* name : {"7", "7/", "a/b", "7/0/1/2", "7/99999999999", "-1/2", "7//1"}) {
    const Called called = call({"runs", "ledger", folder_.path(), "--sample", name});
    EXPECT_EQ(called.code, 2) << name;
    EXPECT_NE(called.err.find("--sample"), std::string::npos) << called.err;
  }
  const Called unknown = call({"runs", "ledger", folder_.path(), "--sample", "8/0"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("knows no sample 8/0"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

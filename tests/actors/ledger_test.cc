// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/rng.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

class LedgerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Ledger> open() {
    auto ledger = Ledger::open(path_, [this] { return now_; });
    EXPECT_TRUE(ledger.ok()) << ledger.error().message;
    return std::move(ledger).value();
  }
  static SampleId sample(uint32_t number) { return {7, number, 1}; }
  static void live(Ledger& ledger, uint32_t number, Fate last) {
    for (Fate fate : {Fate::kIssued, Fate::kLeased, Fate::kGenerated, Fate::kScored, Fate::kBatched,
                      Fate::kCommitted}) {
      ASSERT_TRUE(ledger.append({sample(number), fate, 5, 0, ""}).ok());
      if (fate == last)
        return;
    }
  }

  /// What the file says of a sample, oldest first.
  std::vector<LedgerRecord> events_of(const SampleId& id) const {
    auto reading = read_ledger(path_);
    EXPECT_TRUE(reading.ok());
    std::erase_if(reading.value().records,
                  [&](const LedgerRecord& record) { return record.id != id; });
    return std::move(reading.value().records);
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "ledger.bin";
  std::chrono::steady_clock::time_point now_{};
};

TEST_F(LedgerTest, CountsWhatWasIssuedAsCommittedDroppedOrInFlight) {
  auto ledger = open();
  live(*ledger, 0, Fate::kCommitted);
  live(*ledger, 1, Fate::kLeased);
  live(*ledger, 2, Fate::kScored);
  ASSERT_TRUE(ledger->append({sample(2), Fate::kDropped, 0, 0, "no spread"}).ok());
  EXPECT_EQ(ledger->counts(), (LedgerCounts{3, 1, 1, 1}));
}

TEST_F(LedgerTest, TellsWhatCameOfASample) {
  auto ledger = open();
  live(*ledger, 0, Fate::kLeased);
  live(*ledger, 1, Fate::kIssued);
  ASSERT_TRUE(ledger->append({sample(0), Fate::kLeased, 6, 0, ""}).ok());
  ASSERT_TRUE(ledger->append({sample(0), Fate::kDropped, 0, 0, "timeout"}).ok());
  ASSERT_TRUE(ledger->commit().ok());
  const auto events = events_of(sample(0));
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[2], (LedgerRecord{sample(0), Fate::kLeased, 6, 0, ""}));
  EXPECT_EQ(events[3].reason, "timeout");
}

TEST_F(LedgerTest, RefusesToTrainASampleTwice) {
  auto ledger = open();
  live(*ledger, 0, Fate::kCommitted);
  const auto again = ledger->append({sample(0), Fate::kCommitted, 6, 0, ""});
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().message.find("sample 7/0/1: has ended already"), std::string::npos);
}

TEST_F(LedgerTest, RefusesASampleThatWasNeverIssued) {
  EXPECT_FALSE(open()->append({sample(3), Fate::kScored, 0, 1, ""}).ok());
}

TEST_F(LedgerTest, IsTheSameAfterReopening) {
  LedgerCounts before;
  {
    auto ledger = open();
    live(*ledger, 0, Fate::kCommitted);
    live(*ledger, 1, Fate::kScored);
    before = ledger->counts();
  }
  auto ledger = open();
  EXPECT_EQ(ledger->counts(), before);
  EXPECT_EQ(ledger->incarnation(), 2U);
  EXPECT_EQ(ledger->offset(), static_cast<int64_t>(fs::file_size(path_)));
}

TEST_F(LedgerTest, HoldsAppendsBackForFiftyMillisecondsAtMost) {
  auto ledger = open();
  const auto empty = fs::file_size(path_);
  live(*ledger, 0, Fate::kIssued);
  EXPECT_EQ(fs::file_size(path_), empty);
  now_ += std::chrono::milliseconds(50);
  live(*ledger, 1, Fate::kIssued);
  EXPECT_GT(fs::file_size(path_), empty);
}

TEST_F(LedgerTest, HoldsBackAThousandAndTwentyFourRecordsAtMost) {
  auto ledger = open();
  const auto empty = fs::file_size(path_);
  for (uint32_t i = 0; i < 1023; ++i)
    live(*ledger, i, Fate::kIssued);
  EXPECT_EQ(fs::file_size(path_), empty);
  live(*ledger, 1023, Fate::kIssued);
  EXPECT_GT(fs::file_size(path_), empty);
}

TEST_F(LedgerTest, WritesNothingBehindWhatAnotherCutOrWrote) {
  const auto ledger = open();
  live(*ledger, 0, Fate::kCommitted);
  ASSERT_TRUE(ledger->commit().ok());
  fs::resize_file(path_, fs::file_size(path_) - 1);
  live(*ledger, 1, Fate::kIssued);
  for (int times = 0; times < 2; ++times) {
    const auto done = ledger->commit();
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, Errc::kBadData);
    EXPECT_NE(done.error().message.find("another program changed it"), std::string::npos);
  }
}

TEST_F(LedgerTest, RollsBackToTheStepOfACheckpoint) {
  auto ledger = open();
  live(*ledger, 0, Fate::kCommitted);
  live(*ledger, 1, Fate::kBatched);
  ASSERT_TRUE(ledger->roll_back(5).ok());
  EXPECT_EQ(ledger->counts(), (LedgerCounts{2, 1, 1, 0}));
  ASSERT_TRUE(ledger->roll_back(4).ok());
  EXPECT_EQ(ledger->counts(), (LedgerCounts{2, 0, 2, 0}));
  EXPECT_EQ(events_of(sample(0)).back().reason, "rolled back to step 4");
}

/// Property: however short the file is cut, it opens with a whole prefix of its records, and the
/// invariant holds.
TEST_F(LedgerTest, OpensBehindAnyCutOfItsEnd) {
  {
    auto ledger = open();
    for (uint32_t i = 0; i < 20; ++i)
      live(*ledger, i, i % 2 == 0 ? Fate::kCommitted : Fate::kScored);
  }
  const std::string whole = read_file(path_, 1 << 20).value();
  Random random(1, Purpose::kControl);
  for (int i = 0; i < 200; ++i) {
    const auto size = 24 + random.below(std::ssize(whole) - 24);
    std::ofstream(path_, std::ios::binary) << whole.substr(0, static_cast<size_t>(size));
    auto ledger = open();
    const LedgerCounts counts = ledger->counts();
    EXPECT_EQ(counts.issued, counts.committed + counts.dropped + counts.in_flight);
    EXPECT_EQ(ledger->offset() + ledger->cut_bytes(), size);
    EXPECT_EQ(static_cast<int64_t>(fs::file_size(path_)), ledger->offset());
  }
}

TEST_F(LedgerTest, GoesOnBehindATornTail) {
  {
    auto ledger = open();
    live(*ledger, 0, Fate::kCommitted);
  }
  fs::resize_file(path_, fs::file_size(path_) - 3);
  {
    auto ledger = open();
    EXPECT_GT(ledger->cut_bytes(), 0);
    EXPECT_EQ(ledger->counts(), (LedgerCounts{1, 0, 0, 1}));
    ASSERT_TRUE(ledger->append({sample(0), Fate::kCommitted, 5, 0, ""}).ok());
  }
  EXPECT_EQ(open()->counts(), (LedgerCounts{1, 1, 0, 0}));
}

TEST_F(LedgerTest, IsNotTakenUpWhereLessOfItIsWholeThanACheckpointSaw) {
  live(*open(), 0, Fate::kCommitted);
  const auto bytes = static_cast<int64_t>(fs::file_size(path_));
  const auto refusal = [&](int64_t least) {
    const auto opened = Ledger::open(path_, [this] { return now_; }, {.least = least});
    return opened ? "" : opened.error().message;
  };
  EXPECT_EQ(refusal(bytes), "");
  fs::resize_file(path_, static_cast<uintmax_t>(bytes - 1));
  const std::string why = refusal(bytes);
  EXPECT_NE(why.find(" bytes of it are whole, and " + std::to_string(bytes)), std::string::npos)
      << why;
  EXPECT_EQ(fs::file_size(path_), static_cast<uintmax_t>(bytes - 1)) << "nothing was cut";
  fs::remove(path_);
  EXPECT_NE(refusal(bytes).find(": 0 bytes of it are whole"), std::string::npos);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(LedgerTest, OfAnotherRunIsNotTakenUp) {
  const auto open_as = [this](const std::string& run) {
    return Ledger::open(path_, [this] { return now_; }, {.run = run});
  };
  ASSERT_TRUE(open_as("a").ok());
  EXPECT_TRUE(open_as("a").ok());
  const auto other = open_as("b");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, Errc::kBadData);
  EXPECT_NE(other.error().message.find("is the ledger of another run; put that of this run back"),
            std::string::npos)
      << other.error().message;
}

TEST_F(LedgerTest, NamesTheOffsetOfATornMiddle) {
  {
    auto ledger = open();
    for (uint32_t i = 0; i < 5; ++i)
      live(*ledger, i, Fate::kScored);
  }
  std::string bytes = read_file(path_, 1 << 20).value();
  bytes[24 + 51 + 30] ^= 1;  // inside the second record
  std::ofstream(path_, std::ios::binary) << bytes;
  auto opened = Ledger::open(path_, [this] { return now_; });
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::kBadData);
  EXPECT_NE(opened.error().message.find("offset 75"), std::string::npos) << opened.error().message;
}

}  // namespace
}  // namespace nelumbo

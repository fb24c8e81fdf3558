// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_format.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace nelumbo {
namespace {

/// All records; the error of a ledger that is damaged.
Result<std::vector<LedgerRecord>> records_of(const std::string& bytes) {
  std::vector<LedgerRecord> records;
  auto scan = scan_ledger(bytes, "here", [&records](LedgerRecord record) {
    records.push_back(std::move(record));
    return Result<void>();
  });
  if (!scan)
    return scan.error();
  return records;
}

TEST(LedgerFormat, ReadsBackEveryFieldOfARecord) {
  const LedgerRecord record{{1, 2, 3}, Fate::kScored, 4, -0.25, "because"};
  const std::string header = ledger_header("run");
  const auto read = records_of(header + encode_record(record, xxh3_64(bytes_of(header))));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), std::vector<LedgerRecord>{record});
}

TEST(LedgerFormat, KeepsAtMost255BytesOfAReason) {
  const std::string header = ledger_header("run");
  const LedgerRecord record{{}, Fate::kDropped, 0, 0, std::string(1000, 'x')};
  const auto read = records_of(header + encode_record(record, xxh3_64(bytes_of(header))));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().at(0).reason, std::string(255, 'x'));
}

TEST(LedgerFormat, NoticesThatARecordVanished) {
  std::string bytes = ledger_header("run");
  uint64_t previous = xxh3_64(bytes_of(bytes));
  for (uint32_t i = 0; i < 3; ++i) {
    const std::string record = encode_record({{1, i, 1}, Fate::kIssued, 0, 0, ""}, previous);
    previous = xxh3_64(bytes_of(record));
    if (i != 1)
      bytes += record;
  }
  const auto read = records_of(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("here: offset 75: the record before"), std::string::npos)
      << read.error().message;
}

TEST(LedgerFormat, ReadsTheEndAlone) {
  std::string bytes = ledger_header("run");
  uint64_t previous = xxh3_64(bytes_of(bytes));
  std::vector<LedgerRecord> records;
  for (uint32_t i = 0; i < 3; ++i) {
    records.push_back({{1, i, 1}, Fate::kDropped, 0, 0, "why"});
    const std::string record = encode_record(records.back(), previous);
    previous = xxh3_64(bytes_of(record));
    bytes += record;
  }
  EXPECT_EQ(ledger_tail(bytes), records);
  const std::string torn = bytes.substr(28, bytes.size() - 33);
  EXPECT_EQ(ledger_tail(torn), std::vector<LedgerRecord>{records[1]});
  EXPECT_TRUE(ledger_tail("").empty());
}

TEST(LedgerFormat, EndsWhereARecordIsNotTaken) {
  const std::string header = ledger_header("run");
  const auto scan = scan_ledger(header + encode_record({}, xxh3_64(bytes_of(header))), "here",
                                [](const LedgerRecord& /*any*/) {
                                  return Result<void>(Error{Errc::kBadData, "not this"});
                                });
  ASSERT_FALSE(scan.ok());
  EXPECT_EQ(scan.error().message, "not this");
}

TEST(LedgerFormat, RefusesAnotherFile) {
  EXPECT_FALSE(records_of("PK and so on, a zip file").ok());
  EXPECT_FALSE(records_of(ledger_header("run").substr(0, 20)).ok());
}

TEST(LedgerFormat, SaysWhatToDoWithAnEarlierFormat) {
  std::string bytes = ledger_header("run");
  bytes[14] = 1;
  const auto read = records_of(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("format 1, where this version of the program has 2; finish"),
            std::string::npos)
      << read.error().message;
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_format.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace nelumbo {
namespace {

TEST(LedgerFormat, ReadsBackEveryFieldOfARecord) {
  const LedgerRecord record{{1, 2, 3}, Fate::kScored, 4, -0.25, "because"};
  const std::string header = ledger_header();
  const auto scan = scan_ledger(header + encode_record(record, xxh3_64(bytes_of(header))), "here");
  ASSERT_TRUE(scan.ok());
  EXPECT_EQ(scan.value().records, std::vector<LedgerRecord>{record});
}

TEST(LedgerFormat, KeepsAtMost255BytesOfAReason) {
  const std::string header = ledger_header();
  const LedgerRecord record{{}, Fate::kDropped, 0, 0, std::string(1000, 'x')};
  const auto scan = scan_ledger(header + encode_record(record, xxh3_64(bytes_of(header))), "here");
  ASSERT_TRUE(scan.ok());
  EXPECT_EQ(scan.value().records.at(0).reason, std::string(255, 'x'));
}

TEST(LedgerFormat, NoticesThatARecordVanished) {
  std::string bytes = ledger_header();
  uint64_t previous = xxh3_64(bytes_of(bytes));
  for (uint32_t i = 0; i < 3; ++i) {
    const std::string record = encode_record({{1, i, 1}, Fate::kIssued, 0, 0, ""}, previous);
    previous = xxh3_64(bytes_of(record));
    if (i != 1)
      bytes += record;
  }
  const auto scan = scan_ledger(bytes, "here");
  ASSERT_FALSE(scan.ok());
  EXPECT_NE(scan.error().message.find("here: offset 67: the record before"), std::string::npos)
      << scan.error().message;
}

TEST(LedgerFormat, ReadsTheEndAlone) {
  std::string bytes = ledger_header();
  uint64_t previous = xxh3_64(bytes_of(bytes));
  std::vector<LedgerRecord> records;
  for (uint32_t i = 0; i < 3; ++i) {
    records.push_back({{1, i, 1}, Fate::kDropped, 0, 0, "why"});
    const std::string record = encode_record(records.back(), previous);
    previous = xxh3_64(bytes_of(record));
    bytes += record;
  }
  EXPECT_EQ(ledger_tail(bytes), records);
  const std::string torn = bytes.substr(20, bytes.size() - 25);
  EXPECT_EQ(ledger_tail(torn), std::vector<LedgerRecord>{records[1]});
  EXPECT_TRUE(ledger_tail("").empty());
}

TEST(LedgerFormat, RefusesAnotherFile) {
  EXPECT_FALSE(scan_ledger("PK and so on, a zip file", "here").ok());
}

}  // namespace
}  // namespace nelumbo

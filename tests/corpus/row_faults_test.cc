// SPDX-License-Identifier: Apache-2.0
#include "corpus/row_faults.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(RowFaults, CountsAllAndNamesTheFirst) {
  RowFaults faults;
  for (int i = 1; i <= 30; ++i)
    faults.add("a.jsonl:" + std::to_string(i) + ": bad");
  EXPECT_EQ(faults.count(), 30);
  const Error error = faults.error();
  EXPECT_EQ(error.code, Errc::kBadData);
  EXPECT_TRUE(error.message.starts_with("30 rows cannot be used\na.jsonl:1: bad\n"));
  EXPECT_TRUE(error.message.ends_with("a.jsonl:20: bad"));
}

TEST(RowFaults, SaysOfOneRowWhatIsWrongWithIt) {
  RowFaults faults;
  faults.add("a.jsonl:1: bad");
  EXPECT_EQ(faults.error().message, "a.jsonl:1: bad");
}

}  // namespace
}  // namespace nelumbo

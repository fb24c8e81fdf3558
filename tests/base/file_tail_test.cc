// SPDX-License-Identifier: Apache-2.0
#include "base/file_tail.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(FileTail, IsTheEndOfAFileOrAllOfIt) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a") << "one\ntwo\n";
  EXPECT_EQ(file_tail(folder / "a", 5), "\ntwo\n");
  EXPECT_EQ(file_tail(folder / "a", 8), "one\ntwo\n");
  EXPECT_EQ(file_tail(folder / "a", 100), "one\ntwo\n");
}

TEST(FileTail, IsNothingWhereThereIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(file_tail(folder / "none", 5), "");
  EXPECT_EQ(file_tail(folder.path(), 5), "");
}

}  // namespace
}  // namespace nelumbo

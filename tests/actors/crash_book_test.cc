// SPDX-License-Identifier: Apache-2.0
#include "actors/crash_book.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using Ids = std::vector<std::string>;

TEST(CrashBook, HoldsWhatTwoProcessesCrashedOver) {
  const TemporaryFolder folder;
  CrashBook book(folder.path());
  EXPECT_FALSE(book.suspects("a"));
  EXPECT_EQ(book.charge({"a", "b"}, "rollout-0"), Ids());
  EXPECT_TRUE(book.suspects("a"));
  EXPECT_FALSE(book.holds("a"));
  EXPECT_EQ(book.charge({"a"}, "rollout-1"), Ids{"a"});
  EXPECT_TRUE(book.holds("a"));
  EXPECT_FALSE(book.holds("b"));
}

TEST(CrashBook, ForgetsASuspectThatWasAnswered) {
  const TemporaryFolder folder;
  CrashBook book(folder.path());
  (void)book.charge({"a"}, "rollout-0");
  book.clear("a");
  book.clear("never charged");
  EXPECT_FALSE(book.suspects("a"));
  EXPECT_EQ(book.charge({"a"}, "rollout-0"), Ids());
}

TEST(CrashBook, IsKnownToTheNextProcessOfTheRun) {
  const TemporaryFolder folder;
  {
    CrashBook first(folder.path());
    (void)first.charge({"a", "b", "c"}, "coordinator");
    (void)first.charge({"a"}, "coordinator");
    first.clear("b");
  }
  std::ofstream(folder.path() + "/crashes.jsonl", std::ios::app) << "[1]\n{\"prompt\":\"c";
  const CrashBook next(folder.path());
  EXPECT_TRUE(next.holds("a"));
  EXPECT_FALSE(next.suspects("b"));
  EXPECT_TRUE(next.suspects("c"));
  EXPECT_FALSE(next.holds("c"));
}

}  // namespace
}  // namespace nelumbo

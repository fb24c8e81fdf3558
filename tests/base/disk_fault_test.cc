// SPDX-License-Identifier: Apache-2.0
#include "base/disk_fault.h"

#include <cerrno>
#include <cstdlib>
#include <functional>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

// The environment is read once in a process, so that each story has a process of its own.

void planted(const char* at, const std::function<bool()>& holds) {
  ::setenv("NELUMBO_FAIL_AT", at, 1);
  ::exit(holds() ? 0 : 1);
}

TEST(DiskFaultDeathTest, FailsTheNthCallOfItsKindAlone) {
  const auto holds = [] {
    return planted_errno(DiskCall::kSync, "a") == 0 && planted_errno(DiskCall::kWrite, "a") == 0 &&
           planted_errno(DiskCall::kSync, "a") == EIO && planted_errno(DiskCall::kSync, "a") == 0;
  };
  EXPECT_EXIT(planted("sync:2", holds), testing::ExitedWithCode(0), "");
}

TEST(DiskFaultDeathTest, FailsEachCallBehindTheNthWhereAPlusSaysSo) {
  const auto holds = [] {
    return planted_errno(DiskCall::kWrite, "a") == 0 &&
           planted_errno(DiskCall::kWrite, "a") == ENOSPC &&
           planted_errno(DiskCall::kWrite, "b") == ENOSPC;
  };
  EXPECT_EXIT(planted("write:2+", holds), testing::ExitedWithCode(0), "");
}

TEST(DiskError, IsAWantOfRoomByItsCause) {
  EXPECT_TRUE(is_want_of_room(disk_error("a", "write", ENOSPC)));
  EXPECT_TRUE(is_want_of_room(disk_error("a", "create", EDQUOT)));
  EXPECT_FALSE(is_want_of_room(disk_error("a", "sync", EIO)));
}

TEST(DiskFaultDeathTest, CountsThePathsThatHaveTheWord) {
  const auto holds = [] {
    return planted_errno(DiskCall::kOpen, "runs/x/metrics.jsonl") == 0 &&
           planted_errno(DiskCall::kOpen, "runs/x/ledger/ledger.bin") == EROFS;
  };
  EXPECT_EXIT(planted("open:1:ledger", holds), testing::ExitedWithCode(0), "");
}

TEST(DiskFaultDeathTest, FailsTheFirstWhereNoNumberIsGivenAndNothingOfAnUnknownName) {
  const auto fails = [] { return planted_errno(DiskCall::kSync, "a") == EIO; };
  const auto works = [] { return planted_errno(DiskCall::kSync, "a") == 0; };
  EXPECT_EXIT(planted("sync", fails), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(planted("read:1", works), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(planted("", works), testing::ExitedWithCode(0), "");
}

TEST(DiskFault, TellsOfPathActionAndReason) {
  const Error error = disk_error("a/b", "write", ENOSPC);
  EXPECT_EQ(error.code, Errc::kEnvironment);
  EXPECT_EQ(error.message, "a/b: cannot write: No space left on device");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "base/kill_point.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

// The environment is read once in a process, so that each story has a process of its own.

void armed(const char* at, const std::string& once, const std::function<void()>& story) {
  ::setenv("NELUMBO_KILL_AT", at, 1);
  if (!once.empty())
    ::setenv("NELUMBO_KILL_ONCE", once.c_str(), 1);
  story();
  ::exit(0);
}

TEST(KillPointDeathTest, KillsAtItsNameAndHitAlone) {
  const auto comes_twice = [] {
    kill_point("checkpoint/other");
    kill_point("checkpoint/renamed");
    kill_point("checkpoint/renamed");
  };
  EXPECT_EXIT(armed("checkpoint/renamed:2", "", comes_twice), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(armed("checkpoint/renamed", "", comes_twice), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(armed("checkpoint/renamed:3", "", comes_twice), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(armed("checkpoint:1", "", comes_twice), testing::ExitedWithCode(0), "");
}

TEST(KillPointDeathTest, KillsOneProcessWhereItIsToldTo) {
  const TemporaryFolder folder;
  const auto comes = [] { kill_point("ledger/synced"); };
  EXPECT_EXIT(armed("ledger/synced:1", folder / "once", comes), testing::KilledBySignal(SIGKILL),
              "");
  EXPECT_TRUE(std::filesystem::exists(folder / "once"));
  EXPECT_EXIT(armed("ledger/synced:1", folder / "once", comes), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace nelumbo

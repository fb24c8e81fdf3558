// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string stderr_of(const std::function<void()>& action) {
  testing::internal::CaptureStderr();
  action();
  return testing::internal::GetCapturedStderr();
}

void log_one_of_each() {
  log_info("loss 2.5");
  log_warn("no spread");
  log_error("disk full");
}

TEST(Log, WritesOneLineForEachMessage) {
  EXPECT_EQ(stderr_of(log_one_of_each), "loss 2.5\nwarning: no spread\nerror: disk full\n");
}

TEST(Log, ObeysNoTextOfOthers) {
  EXPECT_EQ(stderr_of([] { log_warn("a\x1b[31m\n\tb"); }), "warning: a\\x1b[31m\n\tb\n");
}

TEST(Log, ErasesAnUnfinishedLineOnce) {
  set_open_line(true);
  EXPECT_EQ(stderr_of(log_one_of_each), "\r\x1b[Kloss 2.5\nwarning: no spread\nerror: disk full\n");
}

}  // namespace
}  // namespace nelumbo

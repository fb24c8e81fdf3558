// SPDX-License-Identifier: Apache-2.0
#include "base/http_guard.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(HttpGuard, KnowsTheNamesOfThisMachine) {
  for (const char* host :
       {"localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1:65535", "[::1]:80", "[::1]"})
    EXPECT_TRUE(is_local_host(host)) << host;
}

TEST(HttpGuard, RefusesOtherNamesAndTricksWithThem) {
  for (const char* host : {"", "example.org", "localhost.example.org", "localhost:80@example.org",
                           "localhost:", "localhost:123456", "127.0.0.1.nip.io", "::1", "0.0.0.0"})
    EXPECT_FALSE(is_local_host(host)) << host;
}

TEST(HttpGuard, LetsPagesOfThisMachineIn) {
  EXPECT_TRUE(is_local_origin("http://localhost:3000"));
  EXPECT_TRUE(is_local_origin("https://127.0.0.1"));
  for (const char* origin : {"null", "", "https://example.org", "http://localhost.evil.org",
                             "file://", "http://localhost:3000/path"})
    EXPECT_FALSE(is_local_origin(origin)) << origin;
}

TEST(HttpGuard, ComparesWholeTexts) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "base/format.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Format, WritesAsPrintfDoesAtAnyLength) {
  EXPECT_EQ(formatted("%-5s|%4.1f|%+d", "ab", 2.25, 3), "ab   | 2.2|+3");
  EXPECT_EQ(formatted("%s", std::string(5000, 'x').c_str()), std::string(5000, 'x'));
  EXPECT_EQ(formatted("%s", ""), "");
}

}  // namespace
}  // namespace nelumbo

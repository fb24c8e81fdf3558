// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"

namespace nelumbo {
namespace {

TEST(NodeCommand, JoinsACoordinatorOfThisMachineAlone) {
  const Called far = call({"node", "--join", "10.0.0.1:7070"});
  EXPECT_EQ(far.code, 2);
  EXPECT_NE(far.err.find("only a coordinator on this machine is joined"), std::string::npos);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:99999"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:7x"}).code, 2);
  EXPECT_EQ(call({"node"}).code, 2);
  EXPECT_EQ(call({"node", "--join", "127.0.0.1:7070", "--role", "cook"}).code, 2);
}

}  // namespace
}  // namespace nelumbo

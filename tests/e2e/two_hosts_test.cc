// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/apps/called.h"

namespace nelumbo {
namespace {

constexpr int kSkipped = 77;

TEST(TwoHosts, GiveTheBitsOfOneProcess) {
  const std::string program = std::string(NELUMBO_BINARY_DIR) + "/nelumbo";
  if (!std::filesystem::exists(program))
    GTEST_SKIP() << "the program is not built";
  const std::string command = in_repository("scripts/two_hosts.sh") + " " + program + " " +
                              in_repository("configs/tiny.yaml") +
                              " data.root=" + in_repository("data") +
                              " reward.spec=" + in_repository("configs/rewards/smear.yaml");
  const int status = std::system(command.c_str());
  if (WIFEXITED(status) && WEXITSTATUS(status) == kSkipped)
    GTEST_SKIP() << "the script says above why two network namespaces are not possible here";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace nelumbo

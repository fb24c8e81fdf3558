// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace nelumbo {
namespace {

const std::string kProgram = std::string(NELUMBO_BINARY_DIR) + "/nelumbo";

int exit_code_of(const std::string& shell) {
  const int status = std::system(shell.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class Main : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kProgram))
      GTEST_SKIP() << "the program is not built";
  }
};

TEST_F(Main, HelpsInAnyLocaleAndWithoutAHome) {
  EXPECT_EQ(exit_code_of("env -i LC_ALL=tr_TR.UTF-8 " + kProgram + " --help > /dev/null"), 0);
  EXPECT_EQ(exit_code_of("env -i LC_ALL=C " + kProgram + " --help > /dev/null"), 0);
}

TEST_F(Main, FailsWithACodeWhenItsOutputIsClosed) {
  EXPECT_EQ(exit_code_of(kProgram + " --help >&- 2>/dev/null"), 3);
  EXPECT_EQ(exit_code_of(kProgram + " --help > /dev/full 2>/dev/null"), 3);
}

}  // namespace
}  // namespace nelumbo

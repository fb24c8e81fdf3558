// SPDX-License-Identifier: Apache-2.0
#include "base/json_lines.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class JsonLines : public ::testing::Test {
 protected:
  void put(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }

  const TemporaryFolder folder_;
  const std::string path_ = folder_ / "a.jsonl";
  std::string damaged_;
};

TEST_F(JsonLines, AreReadInOrder) {
  EXPECT_TRUE(read_json_lines(path_, &damaged_).empty());
  put("{\"a\":1}\n{\"a\":2}\n");
  const auto lines = read_json_lines(path_, &damaged_);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1]["a"], 2);
  EXPECT_EQ(damaged_, "");
}

TEST_F(JsonLines, ATornLastOneIsNoDamage) {
  put("{\"a\":1}\n{\"a\":");
  EXPECT_EQ(read_json_lines(path_, &damaged_).size(), 1U);
  EXPECT_EQ(damaged_, "");
}

TEST_F(JsonLines, ThatAreNoObjectsArePassedOverAndNamed) {
  put("{\"a\":1}\ngarbage\n{\"a\":2}\n");
  EXPECT_EQ(read_json_lines(path_, &damaged_).size(), 2U);
  EXPECT_EQ(damaged_, path_ + ":2: is no JSON object; it is passed over");
  put("\n\xff\n[1]\n{\"a\":2}\n");
  EXPECT_EQ(read_json_lines(path_, nullptr).size(), 1U);
  EXPECT_EQ(read_json_lines(path_, &damaged_).size(), 1U);
  EXPECT_EQ(damaged_, path_ + ":1: is no JSON object; it and 2 lines behind it are passed over");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/input_file.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(InputFile, ReadsByPosition) {
  const std::string path = testing::TempDir() + "input_file";
  std::ofstream(path) << "0123456789";
  const auto file = InputFile::open(path);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value()->size(), 10U);
  std::array<char, 3> part{};
  ASSERT_TRUE(file.value()->read(part.data(), part.size(), 4).ok());
  EXPECT_EQ(std::string(part.data(), part.size()), "456");
  EXPECT_TRUE(file.value()->read(part.data(), 0, 10).ok());
  std::filesystem::remove(path);
}

TEST(InputFile, SaysThatTheFileBecameShorter) {
  const std::string path = testing::TempDir() + "input_file_short";
  std::ofstream(path) << "0123456789";
  const auto file = InputFile::open(path);
  ASSERT_TRUE(file.ok());
  std::filesystem::resize_file(path, 5);
  std::array<char, 3> part{};
  const auto done = file.value()->read(part.data(), part.size(), 4);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Errc::kBadData);
  EXPECT_EQ(done.error().message, path + ": became shorter while it was read, at byte 5");
  std::filesystem::remove(path);
}

TEST(InputFile, RefusesWhatIsNoRegularFile) {
  EXPECT_FALSE(InputFile::open(testing::TempDir()).ok());
  EXPECT_FALSE(InputFile::open("/dev/zero").ok());
  EXPECT_FALSE(InputFile::open(testing::TempDir() + "not there").ok());
}

}  // namespace
}  // namespace nelumbo

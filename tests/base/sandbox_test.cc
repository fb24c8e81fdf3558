// SPDX-License-Identifier: Apache-2.0
#include "base/sandbox.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

ForeignProgram some_program() {
  ForeignProgram program;
  program.command = {"/home/u/spec/grade.py", "strict"};
  program.folder = "/home/u/spec";
  program.files = {{"/home/u/spec/grade.py", "hash"}, {"/usr/bin/python3", "hash"}};
  program.folders = {"/home/u/venv"};
  return program;
}

/// Where three words stand one behind the other; the end where they do not.
auto place_of(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
  return std::search(words.begin(), words.end(), wanted.begin(), wanted.end());
}

TEST(Sandbox, EndsWithTheCommandBehindEachWall) {
  for (const Wall wall : {Wall::kBubblewrap, Wall::kNamespaces, Wall::kLimits}) {
    const auto words = walled(wall, some_program());
    ASSERT_GE(words.size(), 2u);
    EXPECT_EQ(words[words.size() - 2], "/home/u/spec/grade.py") << to_text(wall);
    EXPECT_EQ(words.back(), "strict");
    EXPECT_TRUE(words.front().starts_with("/"));
  }
  EXPECT_EQ(walled(Wall::kLimits, some_program()), some_program().command);
}

TEST(Sandbox, ShowsBehindBubblewrapWhatWasNamedAndNoMoreOfTheHome) {
  const auto words = walled(Wall::kBubblewrap, some_program());
  const std::string file = "/home/u/spec/grade.py", folder = "/home/u/venv";
  EXPECT_NE(place_of(words, {"--ro-bind", file, file}), words.end());
  EXPECT_NE(place_of(words, {"--ro-bind", folder, folder}), words.end());
  for (size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "--ro-bind" || words[i] == "--ro-bind-try") {
      EXPECT_FALSE(words[i + 1] == "/" || words[i + 1] == "/home" || words[i + 1] == "/etc")
          << words[i + 1];
    }
  EXPECT_EQ(std::count(words.begin(), words.end(), "--bind"), 0);
  EXPECT_EQ(std::count(words.begin(), words.end(), "--share-net"), 0);
}

TEST(Sandbox, MakesTheRootReadOnlyBehindAllMounts) {
  const auto words = walled(Wall::kBubblewrap, some_program());
  const auto locked = place_of(words, {"--remount-ro", "/"});
  ASSERT_NE(locked, words.end());
  for (const char* mount : {"--ro-bind", "--tmpfs", "--dir"})
    EXPECT_EQ(std::find(locked, words.end(), mount), words.end()) << mount;
}

TEST(Sandbox, FindsTheSameWallEachTime) {
  EXPECT_EQ(best_wall(), best_wall());
}

}  // namespace
}  // namespace nelumbo

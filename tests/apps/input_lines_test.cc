// SPDX-License-Identifier: Apache-2.0
#include "apps/input_lines.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  const TemporaryFolder folder;
  EXPECT_TRUE(write_file_atomic(folder / "in", text).ok());
  Lines lines;
  const auto done = for_each_line(
      folder / "in", [&](std::string_view line, const std::string& place) -> Result<void> {
        lines.push_back(place.substr(folder.path().size() + 1) + " " + std::string(line));
        if (line == "stop")
          return Error{Errc::kBadData, place};
        return {};
      });
  EXPECT_EQ(done.ok(), text.find("stop") == std::string::npos);
  return lines;
}

TEST(InputLines, AreNumberedAndNeedNotEndInANewline) {
  EXPECT_EQ(lines_of("a\n\nb"), (Lines{"in:1 a", "in:2 ", "in:3 b"}));
  EXPECT_EQ(lines_of("a\n"), Lines{"in:1 a"});
  EXPECT_EQ(lines_of(""), Lines{});
}

TEST(InputLines, StopAtTheFirstError) {
  EXPECT_EQ(lines_of("a\nstop\nb\n"), (Lines{"in:1 a", "in:2 stop"}));
}

TEST(InputLines, NeedAFile) {
  const auto used = [](std::string_view /*line*/, const std::string& /*place*/) -> Result<void> {
    return {};
  };
  EXPECT_EQ(for_each_line("no/such/file", used).error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo

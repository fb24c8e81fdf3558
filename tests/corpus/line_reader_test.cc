// SPDX-License-Identifier: Apache-2.0
#include "corpus/line_reader.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// All lines of a file with this text, or the complaint as the only line.
std::vector<std::string> lines_of(const std::string& text) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.txt", std::ios::binary) << text;
  Result<LineReader> reader = LineReader::open(folder / "a.txt");
  if (!reader)
    return {reader.error().message};
  std::vector<std::string> lines;
  std::string line;
  for (;;) {
    const Result<bool> read = reader.value().next(&line);
    if (!read) {
      EXPECT_EQ(read.error().code, Errc::kBadData);
      return {read.error().message.substr(folder.path().size() + 1)};
    }
    if (!read.value())
      return lines;
    lines.push_back(line);
  }
}

using Lines = std::vector<std::string>;

TEST(LineReader, GivesLinesWithoutTheirEnds) {
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("a\n\nb\r\nc"), (Lines{"a", "", "b", "c"}));
  EXPECT_EQ(lines_of("\n"), Lines{""});
}

TEST(LineReader, JoinsWhatLiesAcrossItsBuffer) {
  const std::string longer(200'000, 'x');
  EXPECT_EQ(lines_of("a\n" + longer + "\nb\n"), (Lines{"a", longer, "b"}));
}

TEST(LineReader, NamesTheLineThatIsNoText) {
  EXPECT_EQ(lines_of("a\nb\xFF"
                     "c\n"),
            Lines{"a.txt:2: byte 2 is not UTF-8; save the file as UTF-8"});
  EXPECT_TRUE(lines_of(std::string("a\0b", 3))[0].starts_with("a.txt:1: holds a zero byte"));
}

TEST(LineReader, RefusesALineThatNeverEnds) {
  const Lines lines = lines_of("a\n" + std::string(LineReader::kLongestLine + 1, 'x'));
  EXPECT_TRUE(lines[0].starts_with("a.txt:2: is longer than 1048576 bytes")) << lines[0];
}

TEST(LineReader, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(LineReader::open(folder / "none").error().code, Errc::kBadData);
  EXPECT_EQ(LineReader::open(folder.path()).error().message,
            folder.path() + ": is no regular file; restore the file");
}

TEST(LineReader, SplitsAtTabs) {
  EXPECT_EQ(tab_fields("a\t\tb"), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(tab_fields(""), std::vector<std::string_view>{""});
}

}  // namespace
}  // namespace nelumbo

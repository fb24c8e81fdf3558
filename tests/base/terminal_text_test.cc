// SPDX-License-Identifier: Apache-2.0
#include "base/terminal_text.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(TerminalText, LeavesTextThatIsSeenAsItIs) {
  EXPECT_EQ(terminal_text("5 µm, 3 ≤ 4, 🙂 <b>"), "5 µm, 3 ≤ 4, 🙂 <b>");
}

TEST(TerminalText, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(terminal_text("a\nb\tc\r"), "a\\nb\\tc\\x0d");
  EXPECT_EQ(terminal_text("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
  EXPECT_EQ(terminal_text("\xc2\x9b"
                          "2J\x7f"),
            "\\x9b2J\\x7f");
  EXPECT_EQ(terminal_text(std::string_view("\0", 1)), "\\x00");
}

TEST(TerminalText, ShowsMarksThatTurnOrHideText) {
  EXPECT_EQ(terminal_text("a\u202eb\u200bc\ufeff"), "a\\u202eb\\u200bc\\ufeff");
  EXPECT_EQ(terminal_text("\U000E0041"), "\\ue0041");
}

TEST(TerminalText, KeepsLinesWhereAsked) {
  EXPECT_EQ(terminal_lines("a\x1b[31m\x07\n\tb\x7f\u202e"), "a\\x1b[31m\\x07\n\tb\\x7f\\u202e");
}

TEST(TerminalText, MendsWhatIsNoUtf8) {
  EXPECT_EQ(terminal_text("\xff"
                          "a\xe2\x82"),
            "\ufffda\ufffd");
}

}  // namespace
}  // namespace nelumbo

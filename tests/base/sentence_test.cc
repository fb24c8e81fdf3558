// SPDX-License-Identifier: Apache-2.0
#include "base/sentence.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Sentence, EndsWithALineOrAMark) {
  const std::string text = "It is 3.5. So\n8!";
  std::string ends;
  for (size_t i = 0; i < text.size(); ++i)
    ends += ends_sentence(text, i) ? '|' : '-';
  EXPECT_EQ(ends, "---------|---|-|");
}

TEST(Sentence, IsTakenOffItsText) {
  std::string_view text = "It is 3.5. So";
  EXPECT_EQ(take_sentence(text), "It is 3.5.");
  EXPECT_EQ(take_sentence(text), " So");
  EXPECT_EQ(take_sentence(text), "");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Utf8, ReadsAndWritesCharactersOfEveryLength) {
  const std::string text = "aé漢😀";
  std::string again;
  for (const auto& [at, character] : {std::pair(0, U'a'), {1, U'é'}, {3, U'漢'}, {6, U'😀'}}) {
    EXPECT_EQ(code_point(text, at), character);
    append_utf8(character, again);
    EXPECT_EQ(character_size(text, at), std::ssize(again) - at);
    EXPECT_EQ(character_before(text, std::ssize(again)), at);
  }
  EXPECT_EQ(again, text);
}

TEST(Utf8, KnowsWhiteSpaceOfAllScripts) {
  for (const char32_t space : {U' ', U'\t', U'\r', U'\u0085', U'\u00a0', U'\u2003', U'\u3000'})
    EXPECT_TRUE(is_white_space(space));
  for (const char32_t other : {U'a', U'\0', U'\u001c', U'\u180e', U'\u200b', U'\ufeff'})
    EXPECT_FALSE(is_white_space(other));
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/byte_trie.h"

#include <string_view>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::optional<int32_t> number_of(const ByteTrie& trie, std::string_view bytes) {
  int32_t node = ByteTrie::kRoot;
  for (const char c : bytes) {
    node = trie.child(node, static_cast<uint8_t>(c));
    if (node == ByteTrie::kRoot)
      return std::nullopt;
  }
  return trie.number(node);
}

TEST(ByteTrie, FindsTheNumbersOfItsStrings) {
  ByteTrie trie;
  trie.add("ab", 1, false);
  trie.add("abc", 2, false);
  trie.add("ac\xFF", 3, false);
  EXPECT_EQ(number_of(trie, "ab"), 1);
  EXPECT_EQ(number_of(trie, "abc"), 2);
  EXPECT_EQ(number_of(trie, "ac\xFF"), 3);
  EXPECT_EQ(number_of(trie, "a"), std::nullopt);
  EXPECT_EQ(number_of(trie, "b"), std::nullopt);
  EXPECT_EQ(trie.size(), 6) << "the root, a, ab, abc, ac, ac\\xFF";
}

TEST(ByteTrie, ReplacesANumberOnlyWhereAsked) {
  ByteTrie trie;
  trie.add("a", 1, false);
  trie.add("a", 2, false);
  EXPECT_EQ(number_of(trie, "a"), 1);
  trie.add("a", 3, true);
  EXPECT_EQ(number_of(trie, "a"), 3);
}

}  // namespace
}  // namespace nelumbo

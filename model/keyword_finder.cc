// SPDX-License-Identifier: Apache-2.0
//
// The automaton of Aho and Corasick (1975), turned round: keywords and text are read from their
// ends, so that the longest keyword that ends in a state is the longest that begins at the place
// which has been reached.

#include "model/keyword_finder.h"

#include <algorithm>

namespace nelumbo {

KeywordFinder::KeywordFinder(const std::vector<std::string>& keywords) {
  for (int32_t i = 0; i < std::ssize(keywords); ++i)
    if (!keywords[i].empty())
      trie_.add(std::string(keywords[i].rbegin(), keywords[i].rend()), i, false);
  shorter_.assign(trie_.size(), ByteTrie::kRoot);
  longest_.assign(trie_.size(), -1);
  std::vector<int32_t> queue{ByteTrie::kRoot};
  for (size_t next = 0; next < queue.size(); ++next) {
    const int32_t node = queue[next];
    longest_[node] = trie_.number(node).value_or(longest_[shorter_[node]]);
    for (int32_t child = trie_.first_child(node); child != ByteTrie::kRoot;
         child = trie_.next_sibling(child)) {
      if (node != ByteTrie::kRoot)
        shorter_[child] = step(shorter_[node], trie_.byte(child));
      queue.push_back(child);
    }
  }
}

int32_t KeywordFinder::step(int32_t state, uint8_t byte) const {
  for (;;) {
    const int32_t next = trie_.child(state, byte);
    if (next != ByteTrie::kRoot || state == ByteTrie::kRoot)
      return next;
    state = shorter_[state];
  }
}

std::vector<KeywordFinder::Hit> KeywordFinder::longest_from_each_place(
    std::string_view text) const {
  std::vector<Hit> hits;
  int32_t state = ByteTrie::kRoot;
  for (int64_t at = std::ssize(text) - 1; at >= 0; --at) {
    state = step(state, static_cast<uint8_t>(text[at]));
    if (longest_[state] >= 0)
      hits.push_back({at, longest_[state]});
  }
  std::reverse(hits.begin(), hits.end());
  return hits;
}

}  // namespace nelumbo

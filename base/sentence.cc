// SPDX-License-Identifier: Apache-2.0
#include "base/sentence.h"

namespace nelumbo {
namespace {

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

}  // namespace

bool ends_sentence(std::string_view text, size_t at) {
  if (text[at] == '\n')
    return true;
  const bool at_end = at + 1 == text.size() || is_one_of(text[at + 1], " \t\r\n");
  return at_end && is_one_of(text[at], ".!?");
}

std::string_view take_sentence(std::string_view& text) {
  size_t end = 0;
  while (end < text.size() && !ends_sentence(text, end))
    ++end;
  const std::string_view sentence = text.substr(0, end + 1);
  text.remove_prefix(sentence.size());
  return sentence;
}

}  // namespace nelumbo

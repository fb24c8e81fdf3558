// SPDX-License-Identifier: Apache-2.0
#include "model/added_tokens.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.h"
#include "model/byte_level.h"

namespace nelumbo {
namespace {

/// Unicode's White_Space.
bool is_space(char32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// Where the character that ends at `end` begins. REQUIRES: end > 0.
int64_t character_before(std::string_view text, int64_t end) {
  int64_t begin = end - 1;
  while ((static_cast<uint8_t>(text[begin]) & 0xC0) == 0x80)
    --begin;
  return begin;
}

int64_t spaces_from(std::string_view text, int64_t at) {
  const auto size = static_cast<int64_t>(text.size());
  while (at < size && is_space(code_point(text, at)))
    at += character_size(text, at);
  return at;
}

int64_t spaces_until(std::string_view text, int64_t end) {
  while (end > 0) {
    const int64_t begin = character_before(text, end);
    if (!is_space(code_point(text, begin)))
      break;
    end = begin;
  }
  return end;
}

/// A character of a word: letters, marks, decimal digits, letter-like numbers, connectors, joiners,
/// letters in circles and squares.
Regex word_character() {
  Result<Regex> regex = Regex::compile(
      R"([\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200C}\x{200D})"
      R"(\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}])",
      "word character");
  NELUMBO_CHECK(regex.ok()) << regex.error().message;
  return std::move(regex).value();
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens)
    : tokens_(std::move(tokens)), word_(word_character()) {
  for (int64_t i = 0; i < std::ssize(tokens_); ++i)
    add(tokens_[i], i);
}

void AddedTokens::add(const AddedToken& token, int64_t index) {
  Table& table = token.normalized ? normalized_ : raw_;
  table.by_content.emplace(token.content, index);
  std::vector<int64_t>& lengths = table.lengths[static_cast<uint8_t>(token.content.front())];
  const auto size = static_cast<int64_t>(token.content.size());
  const auto at = std::lower_bound(lengths.begin(), lengths.end(), size, std::greater<>());
  if (at == lengths.end() || *at != size)
    lengths.insert(at, size);
}

bool AddedTokens::touches_word(std::string_view text, int64_t begin, int64_t end) const {
  const auto in_word = [&](int64_t at) {
    return word_.cut(text.substr(at, character_size(text, at))).front().match;
  };
  return (begin > 0 && in_word(character_before(text, begin))) ||
         (end < static_cast<int64_t>(text.size()) && in_word(end));
}

const AddedToken* AddedTokens::longest_at(const Table& table, std::string_view text,
                                          int64_t at) const {
  for (const int64_t length : table.lengths[static_cast<uint8_t>(text[at])]) {
    const auto found = table.by_content.find(text.substr(at, length));
    if (found != table.by_content.end())
      return &tokens_[found->second];
  }
  return nullptr;
}

void AddedTokens::cut_by(const Table& table, std::string_view text,
                         std::vector<Part>& parts) const {
  const auto size = static_cast<int64_t>(text.size());
  int64_t covered = 0;
  for (int64_t at = 0; at < size;) {
    const AddedToken* token = longest_at(table, text, at);
    if (token == nullptr) {
      ++at;
      continue;
    }
    int64_t begin = at;
    int64_t end = at + std::ssize(token->content);
    at = end;
    if (token->single_word && touches_word(text, begin, end))
      continue;
    if (token->lstrip)
      begin = std::max(spaces_until(text, begin), covered);
    if (token->rstrip)
      end = spaces_from(text, end);
    if (covered < begin)
      parts.push_back({text.substr(covered, begin - covered), std::nullopt});
    parts.push_back({text.substr(begin, end - begin), token->id});
    covered = end;
    at = std::max(at, end);
  }
  if (covered < size)
    parts.push_back({text.substr(covered), std::nullopt});
}

std::vector<AddedTokens::Part> AddedTokens::cut(std::string_view text) const {
  std::vector<Part> coarse;
  cut_by(raw_, text, coarse);
  if (normalized_.by_content.empty())
    return coarse;
  std::vector<Part> parts;
  for (const Part& part : coarse)
    if (part.token)
      parts.push_back(part);
    else
      cut_by(normalized_, part.text, parts);
  return parts;
}

}  // namespace nelumbo

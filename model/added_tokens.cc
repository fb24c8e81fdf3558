// SPDX-License-Identifier: Apache-2.0
#include "model/added_tokens.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "model/oniguruma.h"
#include "model/utf8.h"

namespace nelumbo {
namespace {

int64_t spaces_from(std::string_view text, int64_t at) {
  while (at < std::ssize(text) && is_white_space(code_point(text, at)))
    at += character_size(text, at);
  return at;
}

int64_t spaces_until(std::string_view text, int64_t end, int64_t least) {
  while (end > least) {
    const int64_t begin = character_before(text, end);
    if (!is_white_space(code_point(text, begin)))
      break;
    end = begin;
  }
  return end;
}

/// A character of a word, joiners among them.
Regex word_character() {
  Result<Regex> regex =
      Regex::compile(std::string("[") + kWordSet + R"(\x{200C}\x{200D}])", "word character");
  NELUMBO_CHECK(regex.ok()) << regex.error().message;
  return std::move(regex).value();
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const Normalizer& normalizer)
    : tokens_(std::move(tokens)),
      raw_(table_of(false, normalizer)),
      normalized_(table_of(true, normalizer)),
      word_(word_character()) {}

/// Where normalisation makes two tokens equal, a special one counts.
AddedTokens::Table AddedTokens::table_of(bool normalized, const Normalizer& normalizer) const {
  Table table;
  std::vector<std::string> keywords;
  for (const bool special : {true, false})
    for (int64_t i = 0; i < std::ssize(tokens_); ++i) {
      if (tokens_[i].normalized != normalized || tokens_[i].special != special)
        continue;
      keywords.push_back(normalized ? normalizer.apply(tokens_[i].content) : tokens_[i].content);
      table.tokens.push_back(i);
      table.sizes.push_back(std::ssize(keywords.back()));
    }
  table.finder = KeywordFinder(keywords);
  return table;
}

bool AddedTokens::touches_word(std::string_view text, int64_t begin, int64_t end) const {
  const auto in_word = [&](int64_t at) {
    return word_.length_at_start(text.substr(at, character_size(text, at))) > 0;
  };
  return (begin > 0 && in_word(character_before(text, begin))) ||
         (end < std::ssize(text) && in_word(end));
}

/// A token in the white space that another has taken is found all the same, as the library does it,
/// unless it would take white space in front itself.
std::vector<AddedTokens::Part> AddedTokens::cut(std::string_view text, Stage stage) const {
  const Table& table = stage == Stage::kAsWritten ? raw_ : normalized_;
  std::vector<Part> parts;
  int64_t searched = 0;
  int64_t covered = 0;
  int64_t spaces_end = 0;
  for (const KeywordFinder::Hit& hit : table.finder.longest_from_each_place(text)) {
    if (hit.at < searched)
      continue;
    const AddedToken& token = tokens_[table.tokens[hit.keyword]];
    int64_t begin = hit.at;
    int64_t end = searched = hit.at + table.sizes[hit.keyword];
    if (token.single_word && touches_word(text, begin, end))
      continue;
    if (token.lstrip)
      begin = spaces_until(text, std::max(begin, covered), covered);
    if (token.rstrip)  // each run of white space is walked once
      end = spaces_end = end < spaces_end ? spaces_end : spaces_from(text, end);
    if (begin >= end)
      continue;
    if (covered < begin)
      parts.push_back({text.substr(covered, begin - covered), std::nullopt});
    parts.push_back({text.substr(begin, end - begin), token.id});
    covered = end;
  }
  if (covered < std::ssize(text))
    parts.push_back({text.substr(covered), std::nullopt});
  return parts;
}

}  // namespace nelumbo

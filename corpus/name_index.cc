// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_index.h"

#include <cctype>

namespace nelumbo {
namespace {

/// "cells" to "cell", "biopsies" to "biopsy"; "pelvis", "virus" and "loss" stay.
std::string singular(std::string word) {
  if (word.size() > 4 && word.ends_with("ies"))
    return word.substr(0, word.size() - 3) + "y";
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") &&
      !word.ends_with("is"))
    word.pop_back();
  return word;
}

bool is_article(std::string_view word) {
  return word == "a" || word == "an" || word == "the";
}

/// The words of a piece without a comma, each followed by a blank.
std::string words_of_piece(std::string_view piece) {
  std::string out, word;
  const auto finish = [&] {
    if (!word.empty() && !is_article(word))
      out += singular(word) + " ";
    word.clear();
  };
  for (const char c : piece) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (c != '\'')
      finish();
  }
  finish();
  return out;
}

}  // namespace

std::string name_key(std::string_view name) {
  const size_t comma = name.find(", ");
  std::string key;
  // Two commas are a list, not an inversion.
  if (comma != std::string_view::npos && name.find(',', comma + 1) == std::string_view::npos)
    key = words_of_piece(name.substr(comma + 2)) + words_of_piece(name.substr(0, comma));
  else
    key = words_of_piece(name);
  if (!key.empty())
    key.pop_back();
  return key;
}

void NameIndex::add(std::string_view name, int32_t entity) {
  std::string key = name_key(name);
  if (!key.empty())
    entities_.try_emplace(std::move(key), entity);
}

std::optional<int32_t> NameIndex::find(std::string_view name) const {
  const auto found = entities_.find(name_key(name));
  if (found == entities_.end())
    return std::nullopt;
  return found->second;
}

}  // namespace nelumbo

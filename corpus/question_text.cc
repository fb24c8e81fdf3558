// SPDX-License-Identifier: Apache-2.0
#include "corpus/question_text.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "base/check.h"
#include "corpus/name_index.h"

namespace nelumbo {
namespace {

constexpr std::array<std::string_view, 16> kCommonWords{
    "disease",   "syndrome", "disorder", "deficiency",  "type",       "autosomal",
    "recessive", "of",       "dominant", "familial",    "congenital", "hereditary",
    "and",       "with",     "linked",   "malformation"};
constexpr size_t kLeastTelling = 3;

/// name_key drops the words after a single comma to the front; a text keeps its order.
std::string text_key(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), ',', ' ');
  return name_key(plain);
}

std::string padded(const std::string& key) {
  std::string out = " ";
  out += key;
  out += ' ';
  return out;
}

bool tells(const std::string& word) {
  return word.size() >= kLeastTelling &&
         word.find_first_not_of("0123456789") != std::string::npos &&
         std::find(kCommonWords.begin(), kCommonWords.end(), word) == kCommonWords.end();
}

}  // namespace

std::string question_text(std::span<const std::string> names, std::span<const Hop> hops) {
  NELUMBO_CHECK(names.size() == hops.size() && !names.empty() && !names[0].empty())
      << names.size() << " names for " << hops.size() << " hops";
  std::string text = "Start at " + names[0] + ". Take ";
  for (size_t i = 0; i < hops.size(); ++i) {
    if (i > 0)
      text += ", then ";
    text += !hops[i].inverse ? "its " : i == 0 ? "a " : "another ";
    text += hop_target(hops[i]);
    if (i + 1 < names.size() && !names[i + 1].empty())
      text += ": " + names[i + 1];
  }
  return text + ". What is it?";
}

std::string choices_text(const std::vector<std::string>& choices) {
  std::string text;
  for (size_t i = 0; i < choices.size(); ++i) {
    text += i == 0 ? "" : "\n";
    text += static_cast<char>('A' + i);
    text += ") " + choices[i];
  }
  return text;
}

bool is_named(std::string_view text, std::string_view name) {
  const std::string where = padded(text_key(text));
  const auto stands = [&](const std::string& key) {
    return !key.empty() && where.find(padded(key)) != std::string::npos;
  };
  return stands(name_key(name)) || stands(text_key(name));
}

bool is_half_named(std::string_view text, std::string_view name) {
  const std::string where = padded(text_key(text));
  std::istringstream words(name_key(name));
  int64_t all = 0, named = 0, common = 0, common_named = 0;
  for (std::string word; words >> word;) {
    const bool stands = where.find(padded(word)) != std::string::npos;
    (tells(word) ? all : common) += 1;
    (tells(word) ? named : common_named) += stands ? 1 : 0;
  }
  return all > 0 ? 2 * named > all : 2 * common_named > common;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/disease_names.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "corpus/fold.h"
#include "corpus/name_rules.h"

namespace nelumbo {
namespace {

constexpr auto kGeneral = std::to_array<std::string_view>(
    {"disease", "diseases", "disorder", "disorders", "syndrome", "syndromes", "deficiency",
     "genetic disease", "genetic diseases", "rare diseases", "symptom", "neoplasm", "infection"});
/// Words that end the phrase which says what a thing is.
constexpr auto kVerbs = std::to_array<std::string_view>(
    {"that", "which", "characterized", "caused", "resulting", "where", "has", "is", "with", "in",
     "involving", "located", "due", "has_material_basis_in", "and"});

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Folded, at spaces, without punctuation at their ends.
std::vector<std::string> words_of(const std::string& phrase) {
  std::vector<std::string> words;
  const std::string plain = folded(phrase);
  for (size_t at = 0; at < plain.size();) {
    const size_t end = std::min(plain.find(' ', at), plain.size());
    std::string word = plain.substr(at, end - at);
    while (!word.empty() && (word.back() == ',' || word.back() == '.' || word.back() == ';'))
      word.pop_back();
    if (!word.empty())
      words.push_back(std::move(word));
    at = end + 1;
  }
  return words;
}

/// "1", "2A", "IV", "X": what tells the members of a family apart.
bool is_number(const std::string& word) {
  const bool digits = word.find_first_of("0123456789") != std::string::npos;
  const bool roman = word.find_first_not_of("ivx") == std::string::npos;
  return word.size() <= 4 && (digits || roman || word.size() == 1);
}

void cut_numbers(std::vector<std::string>* words) {
  while (words->size() > 1 && (is_number(words->back()) || words->back() == "type"))
    words->pop_back();
}

}  // namespace

void DiseaseNames::add(const std::string& name, int64_t node) {
  if (name_rule(name) != NameRule::kAnyCase)
    return;
  nodes_.emplace(folded(name), node);
  for (const std::string& variant : name_variants(name))
    nodes_.emplace(folded(variant), node);
}

std::optional<int64_t> DiseaseNames::find(const std::string& name) const {
  const auto found = nodes_.find(folded(name));
  if (found == nodes_.end() || name_rule(name) != NameRule::kAnyCase)
    return std::nullopt;
  return found->second;
}

std::optional<NamedDisease> DiseaseNames::named(const std::vector<std::string>& words, size_t first,
                                                size_t last) const {
  std::string phrase;
  for (size_t i = first; i < last; ++i)
    phrase += (i == first ? "" : " ") + words[i];
  const auto found = nodes_.find(phrase);
  if (found == nodes_.end())
    return std::nullopt;
  return NamedDisease{found->second, phrase, contains(kGeneral, phrase)};
}

std::optional<NamedDisease> DiseaseNames::at_end(const std::string& phrase) const {
  std::vector<std::string> words = words_of(phrase);
  cut_numbers(&words);
  for (size_t first = 0; first < words.size(); ++first)
    if (const auto disease = named(words, first, words.size()))
      return disease;
  return std::nullopt;
}

std::optional<NamedDisease> DiseaseNames::genus(const std::string& definition) const {
  std::vector<std::string> words = words_of(definition);
  const auto verb = std::find_if(words.begin(), words.end(),
                                 [](const std::string& word) { return contains(kVerbs, word); });
  words.erase(verb, words.end());
  for (size_t first = 0; first < words.size(); ++first)
    if (const auto disease = named(words, first, words.size()))
      return disease;
  return std::nullopt;
}

std::optional<NamedDisease> DiseaseNames::within(const std::string& phrase) const {
  const std::vector<std::string> words = words_of(phrase);
  for (size_t length = words.size(); length > 0; --length)
    for (size_t last = words.size(); last >= length; --last)
      if (const auto disease = named(words, last - length, last); disease && !disease->general)
        return disease;
  return std::nullopt;
}

}  // namespace nelumbo

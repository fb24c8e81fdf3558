// SPDX-License-Identifier: Apache-2.0
#include "corpus/definition_phrases.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/ascii.h"

namespace nelumbo {
namespace {

struct MarkerWord {
  std::string_view text;  ///< '_' stands for itself or a blank
  Marker marker;
};

/// Where one begins with another, the longer comes first.
constexpr std::array<MarkerWord, 11> kMarkerWords{{
    {"has_material_basis_in", Marker::kMaterialBasis},
    {"has_material_basis", Marker::kMaterialBasis},
    {"located_in", Marker::kLocated},
    {"has_symptoms", Marker::kSymptom},
    {"has_symptom_of", Marker::kSymptom},
    {"has_symptom", Marker::kSymptom},
    {"results_in_formation_of", Marker::kResults},
    {"results_in", Marker::kResults},
    {"transmitted_by", Marker::kTransmitted},
    {"derives_from", Marker::kDerives},
    {"characterized_by", Marker::kCharacterized},
}};

constexpr std::array<std::string_view, 7> kClauseEnds{". ",      "; ",    " which ", " that ",
                                                      " where ", " who ", " whose "};
constexpr std::array<std::string_view, 17> kGenusEnds{
    " that ",      " which ",        ", ",          " characterized ", " caused ", " with ",
    " in which ",  " resulting ",    " involving ", " affecting ",     " due ",    " where ",
    " located_in", " derived from ", " in the ",    " of the ",        " marked "};

bool stands_at(std::string_view text, size_t at, std::string_view word) {
  if (text.size() - at < word.size())
    return false;
  for (size_t i = 0; i < word.size(); ++i)
    if (text[at + i] != word[i] && !(word[i] == '_' && text[at + i] == ' '))
      return false;
  return true;
}

/// The marker that begins at `at`, at the beginning of a word.
std::optional<MarkerWord> marker_at(std::string_view text, size_t at) {
  if (at > 0 && (is_ascii_letter(text[at - 1]) || text[at - 1] == '_'))
    return std::nullopt;
  for (const MarkerWord& word : kMarkerWords)
    if (stands_at(text, at, word.text))
      return word;
  return std::nullopt;
}

bool drop_front(std::string_view* text, std::string_view what) {
  if (!text->starts_with(what))
    return false;
  text->remove_prefix(what.size());
  return true;
}

bool drop_back(std::string_view* text, std::string_view what) {
  if (!text->ends_with(what))
    return false;
  text->remove_suffix(what.size());
  return true;
}

/// Without blanks, commas, articles and connectives at the ends.
std::string trimmed_object(std::string_view text) {
  constexpr std::array<std::string_view, 10> kFronts{
      " ", ",", "a ", "an ", "the ", "and ", "or ", "and/or ", "primarily ", "either "};
  constexpr std::array<std::string_view, 18> kBacks{
      " ",       ",",          ".",         ";",       " and",     " or",
      " and/or", " is",        " and is",   " can be", " usually", " or is",
      " the",    " primarily", " could be", " of",     " in",      " with"};
  const auto drop = [&](auto&& one, const auto& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return one(&text, word); });
  };
  while (drop(drop_front, kFronts) || drop(drop_back, kBacks)) {
  }
  return std::string(text);
}

/// Where the object of `marker` that begins at `from` ends.
size_t object_end(std::string_view text, size_t from, Marker marker) {
  for (size_t at = from; at < text.size(); ++at) {
    if (marker_at(text, at) || (marker != Marker::kMaterialBasis && stands_at(text, at, " (")))
      return at;
    for (const std::string_view end : kClauseEnds)
      if (stands_at(text, at, end))
        return at;
  }
  return text.size();
}

}  // namespace

std::vector<DefinitionPhrase> phrases_of(std::string_view definition) {
  std::vector<DefinitionPhrase> phrases;
  for (size_t at = 0; at < definition.size(); ++at) {
    const std::optional<MarkerWord> word = marker_at(definition, at);
    if (!word)
      continue;
    const size_t from = at + word->text.size();
    const size_t end = object_end(definition, from, word->marker);
    phrases.push_back({word->marker, trimmed_object(definition.substr(from, end - from))});
    at = std::max(end, from) - 1;
  }
  return phrases;
}

int64_t underscored(std::string_view definition, Marker marker) {
  const std::string_view word = kMarkerNames[static_cast<size_t>(marker)];
  int64_t count = 0;
  for (size_t at = definition.find(word); at != std::string_view::npos;
       at = definition.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool goes_on =
        end < definition.size() && (is_ascii_letter(definition[end]) || definition[end] == '_');
    count += goes_on ? 0 : 1;
  }
  return count;
}

std::string genus_of(std::string_view definition) {
  if (!drop_front(&definition, "A ") && !drop_front(&definition, "An "))
    return "";
  size_t end = definition.find('.');
  for (const std::string_view word : kGenusEnds)
    end = std::min(end, definition.find(word));
  if (end == std::string_view::npos)
    return "";
  return trimmed_object(definition.substr(0, end));
}

std::vector<std::string> listed(std::string_view object, bool conjunctions) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view part) {
    if (std::string clean = trimmed_object(part); !clean.empty())
      parts.push_back(std::move(clean));
  };
  size_t from = 0;
  for (size_t at = 0; at < object.size(); ++at) {
    const std::string_view rest = object.substr(at);
    const bool parts_here =
        rest.starts_with(", ") ||
        (conjunctions && (rest.starts_with(" and ") || rest.starts_with(" or ") ||
                          rest.starts_with(" and/or ") || rest.starts_with(" with ")));
    if (!parts_here)
      continue;
    add(object.substr(from, at - from));
    from = at + 1;
  }
  add(object.substr(from));
  for (std::string& part : parts)
    if (conjunctions && part.starts_with("with "))
      part.erase(0, 5);
  return parts;
}

}  // namespace nelumbo

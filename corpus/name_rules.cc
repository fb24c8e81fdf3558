// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_rules.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "corpus/fold.h"

namespace nelumbo {
namespace {

constexpr size_t kLongestAbbreviation = 8;
constexpr size_t kShortestVariant = 4;

/// Sorted. Words that are everywhere in English and name no entity.
constexpr auto kFunctionWords = std::to_array<std::string_view>(
    {"a",       "about",   "above", "after",  "again", "all",    "also",   "an",    "and",
     "any",     "are",     "as",    "at",     "be",    "been",   "before", "being", "below",
     "between", "both",    "but",   "by",     "can",   "cannot", "could",  "did",   "do",
     "does",    "doing",   "down",  "during", "each",  "even",   "ever",   "few",   "for",
     "from",    "further", "had",   "has",    "have",  "having", "he",     "her",   "here",
     "hers",    "him",     "his",   "how",    "if",    "in",     "into",   "is",    "it",
     "its",     "just",    "less",  "many",   "may",   "me",     "might",  "more",  "most",
     "much",    "must",    "my",    "no",     "nor",   "not",    "now",    "of",    "off",
     "on",      "once",    "one",   "only",   "or",    "other",  "our",    "out",   "over",
     "own",     "same",    "set",   "shall",  "she",   "should", "since",  "so",    "some",
     "such",    "than",    "that",  "the",    "their", "them",   "then",   "there", "these",
     "they",    "this",    "those", "to",     "too",   "two",    "under",  "until", "up",
     "upon",    "us",      "use",   "very",   "was",   "we",     "were",   "what",  "when",
     "which",   "while",   "who",   "will",   "with"});
static_assert(std::is_sorted(kFunctionWords.begin(), kFunctionWords.end()));

/// Sorted. Headings that a text seldom means when it uses the word: "in time", "the rest",
/// "overall".
constexpr auto kEverydayWords = std::to_array<std::string_view>(
    {"affect", "back", "drive", "form", "forms", "lead", "overall", "overalls", "rest", "review",
     "role", "roles", "time", "work"});
static_assert(std::is_sorted(kEverydayWords.begin(), kEverydayWords.end()));

template <size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view name) {
  const std::string lower = folded(name);
  return std::binary_search(words.begin(), words.end(), std::string_view(lower));
}

bool is_abbreviation(std::string_view name) {
  if (name.size() < 2 || name.size() > kLongestAbbreviation ||
      name.find_first_of(" -") != std::string_view::npos)
    return false;
  return std::any_of(name.begin() + 1, name.end(), is_ascii_capital);
}

/// "Rhinitis, Allergic, Seasonal" as "Seasonal Allergic Rhinitis".
std::optional<std::string> turned(const std::string& name) {
  if (name.find(", ") == std::string::npos || name.find(" and ") != std::string::npos ||
      name.find(" or ") != std::string::npos)
    return std::nullopt;
  std::string result;
  size_t end = name.size();
  for (;;) {
    const size_t comma = end == 0 ? std::string::npos : name.rfind(", ", end - 1);
    const size_t start = comma == std::string::npos ? 0 : comma + 2;
    if (!result.empty())
      result += ' ';
    result.append(name, start, end - start);
    if (comma == std::string::npos)
      return result;
    end = comma;
  }
}

bool has_suffix(const std::string& lower, std::string_view suffix) {
  return lower.size() > suffix.size() + 1 && lower.ends_with(suffix);
}

/// The last word in the other number; nothing where neither guess is sound.
std::optional<std::string> other_number(const std::string& name) {
  const std::string lower = folded(name);
  const auto replaced = [&](size_t cut, const char* with) {
    return name.substr(0, name.size() - cut) + with;
  };
  if (lower.empty() || lower.back() < 'a' || lower.back() > 'z')
    return std::nullopt;
  if (has_suffix(lower, "ies"))
    return replaced(3, "y");
  for (const char* suffix : {"sses", "xes", "ches", "shes"})
    if (has_suffix(lower, suffix))
      return replaced(2, "");
  for (const char* suffix : {"ss", "us", "is"})
    if (has_suffix(lower, suffix))
      return std::nullopt;
  if (lower.ends_with('s'))
    return replaced(1, "");
  if (has_suffix(lower, "x") || has_suffix(lower, "ch") || has_suffix(lower, "sh"))
    return replaced(0, "es");
  const bool vowel_before =
      lower.size() > 1 &&
      std::string_view("aeiou").find(lower[lower.size() - 2]) != std::string_view::npos;
  if (lower.ends_with('y') && !vowel_before)
    return replaced(1, "ies");
  return replaced(0, "s");
}

}  // namespace

NameRule name_rule(std::string_view name) {
  if (is_abbreviation(name))
    return NameRule::kAsIs;
  if (is_one_of(kFunctionWords, name) || is_one_of(kEverydayWords, name))
    return NameRule::kNever;
  return name.size() <= 2 ? NameRule::kAsIs : NameRule::kAnyCase;
}

std::vector<std::string> name_variants(const std::string& name) {
  if (name_rule(name) != NameRule::kAnyCase)
    return {};
  std::vector<std::string> variants;
  const auto add = [&](std::optional<std::string> variant) {
    if (variant && variant->size() >= kShortestVariant && name_rule(*variant) == NameRule::kAnyCase)
      variants.push_back(std::move(*variant));
  };
  const std::optional<std::string> natural = turned(name);
  add(natural);
  add(other_number(natural.value_or(name)));
  return variants;
}

}  // namespace nelumbo

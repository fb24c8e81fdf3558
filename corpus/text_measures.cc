// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_measures.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

constexpr size_t kRepeatedWords = 8;
constexpr int64_t kLeastLetters = 20;
constexpr int64_t kLeastLines = 4;
constexpr std::string_view kVowels = "aeiouy";

using Words = std::unordered_set<std::string_view>;

const Words& english() {
  static const Words kWords{
      "a",    "an",    "and",   "are",  "as",    "at",   "be",    "been", "but",  "by",   "can",
      "did",  "do",    "does",  "each", "for",   "from", "had",   "has",  "have", "he",   "her",
      "his",  "how",   "if",    "in",   "into",  "is",   "it",    "its",  "many", "may",  "more",
      "most", "much",  "not",   "of",   "on",    "or",   "our",   "she",  "so",   "than", "that",
      "the",  "their", "them",  "then", "there", "they", "this",  "to",   "was",  "we",   "were",
      "what", "when",  "which", "who",  "will",  "with", "would", "you",  "your", "i",    "my"};
  return kWords;
}

/// Function words of other languages of the Latin script that are no English words, nor names of
/// vitamins, genes or viruses.
const Words& foreign() {
  static const Words kWords{
      "el",  "los",  "las",   "que",  "una",    "con",   "por", "para", "del",  "más",    "como",
      "est", "les",  "des",   "une",  "dans",   "pour",  "qui", "avec", "sur",  "être",   "aux",
      "der", "und",  "das",   "ist",  "nicht",  "mit",   "dem", "den",  "ein",  "eine",   "auf",
      "il",  "che",  "della", "sono", "gli",    "nel",   "più", "não",  "uma",  "dos",    "são",
      "het", "een",  "van",   "niet", "zijn",   "voor",  "och", "att",  "det",  "som",    "inte",
      "nie", "jest", "się",   "oraz", "przy",   "ve",    "bir", "için", "ile",  "olarak", "ja",
      "ei",  "että", "dan",   "yang", "dengan", "untuk", "và",  "của",  "không"};
  return kWords;
}

constexpr std::array kFurniture{"privacy policy",
                                "use cookies",
                                "cookie policy",
                                "cookie settings",
                                "accept cookies",
                                "accept all cookies",
                                "terms of use",
                                "terms of service",
                                "terms and conditions",
                                "all rights reserved",
                                "click here",
                                "subscribe",
                                "newsletter",
                                "sign up",
                                "log in",
                                "sign in",
                                "javascript",
                                "skip to",
                                "main content",
                                "your browser",
                                "share this",
                                "follow us",
                                "add to cart",
                                "free shipping",
                                "contact us",
                                "about us",
                                "read more",
                                "site map",
                                "powered by",
                                "copyright",
                                "advertisement",
                                "back to top",
                                "lorem ipsum",
                                "unsubscribe",
                                "related articles",
                                "leave a comment",
                                "order now",
                                "buy now",
                                "special offer",
                                "best price"};

/// Signs that stand in prose, in sums and in tables of values; the rest are symbols.
bool is_usual_sign(char32_t character) {
  static constexpr std::u32string_view kUsual =
      U".,;:!?'\"()-/%&+=<>$€£¢_#*[]±×÷≤≥°·•–—‘’“”…µ−′″→←↑↓½¼¾²³®™√≈∼℃℉";
  return kUsual.find(character) != std::u32string_view::npos;
}

bool is_letter(char32_t character) {
  return kind_of(character) == CharacterKind::kLetter;
}

/// A usual sign between two letters is unusual, but for those that join words.
bool splits_word(std::span<const char32_t> text, size_t at) {
  static constexpr std::u32string_view kJoining = U"-_'’/.,:;&()–—•·+[]\"“”";
  return at > 0 && at + 1 < text.size() && is_letter(text[at - 1]) && is_letter(text[at + 1]) &&
         kJoining.find(text[at]) == std::u32string_view::npos;
}

void measure_characters(std::span<const char32_t> text, TextMeasures& measures) {
  int64_t visible = 0, symbols = 0, letters = 0, latin = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const CharacterKind kind = kind_of(text[at]);
    visible += kind == CharacterKind::kSpace ? 0 : 1;
    letters += kind == CharacterKind::kLetter ? 1 : 0;
    latin += is_latin(text[at]) ? 1 : 0;
    const bool sign = kind == CharacterKind::kSymbol || kind == CharacterKind::kPunctuation;
    symbols += sign && (!is_usual_sign(text[at]) || splits_word(text, at)) ? 1 : 0;
  }
  measures.characters = std::ssize(text);
  if (visible > 0)
    measures.symbols = static_cast<double>(symbols) / static_cast<double>(visible);
  if (letters > 0)
    measures.latin = static_cast<double>(latin) / static_cast<double>(letters);
}

bool has_letter(const std::string& word) {
  const std::vector<char32_t> characters = characters_of(word);
  return std::any_of(characters.begin(), characters.end(), is_letter);
}

/// A word of four letters or more, all of them a to z, that nobody could say. Capitals are gone
/// here, so abbreviations count too; prose has few.
bool is_odd(std::string_view word) {
  if (word.size() < 4 || word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != word.npos)
    return false;
  int consonants = 0, longest = 0;
  for (const char c : word) {
    consonants = kVowels.find(c) == kVowels.npos ? consonants + 1 : 0;
    longest = std::max(longest, consonants);
  }
  return longest >= 6 || word.find_first_of(kVowels) == word.npos;
}

void measure_words(const std::vector<std::string>& words, TextMeasures& measures) {
  int64_t function = 0, other = 0, odd = 0, run = 1;
  for (size_t i = 0; i < words.size(); ++i) {
    measures.words += has_letter(words[i]) ? 1 : 0;
    const bool is_english = english().contains(words[i]);
    function += is_english ? 1 : 0;
    other += !is_english && foreign().contains(words[i]) ? 1 : 0;
    odd += is_odd(words[i]) ? 1 : 0;
    run = i > 0 && words[i] == words[i - 1] && has_letter(words[i]) ? run + 1 : 1;
    measures.longest_run = std::max(measures.longest_run, run);
  }
  const auto count = static_cast<double>(std::max<int64_t>(1, measures.words));
  measures.function_words = static_cast<double>(function) / count;
  measures.foreign_words = static_cast<double>(other) / count;
  measures.odd_words = static_cast<double>(odd) / count;
}

/// Finds runs of eight words that stood earlier. A stretch is copied as a whole where each run of
/// it lies as far behind its last earlier place as the run before it does.
void measure_repetition(const std::vector<std::string>& words, TextMeasures& measures) {
  if (words.size() <= kRepeatedWords)
    return;
  std::vector<uint64_t> hashes;
  hashes.reserve(words.size());
  for (const std::string& word : words)
    hashes.push_back(xxh3_64(bytes_of(word)));
  std::unordered_map<uint64_t, size_t> last_place;
  std::vector<bool> covered(words.size());
  size_t distance = 0, stretch = 0, longest = 0;
  for (size_t first = 0; first + kRepeatedWords <= words.size(); ++first) {
    const auto run = std::span(hashes).subspan(first, kRepeatedWords);
    const auto [place, is_new] = last_place.emplace(xxh3_64(std::as_bytes(run)), first);
    const size_t behind = is_new ? 0 : first - place->second;
    stretch = behind == 0 ? 0 : behind == distance ? stretch + 1 : kRepeatedWords;
    distance = behind;
    longest = std::max(longest, stretch);
    place->second = first;
    if (!is_new)
      std::fill_n(covered.begin() + static_cast<int64_t>(first), kRepeatedWords, true);
  }
  measures.repeated = static_cast<double>(std::count(covered.begin(), covered.end(), true)) /
                      static_cast<double>(words.size());
  measures.longest_copy = static_cast<int64_t>(longest);
}

double repeated_line_share(std::string_view text) {
  std::unordered_set<std::string_view> seen;
  int64_t lines = 0, repeated = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    lines += line.empty() ? 0 : 1;
    repeated += !line.empty() && !seen.insert(line).second ? 1 : 0;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines < kLeastLines ? 0 : static_cast<double>(repeated) / static_cast<double>(lines);
}

int64_t furniture_in(const std::vector<std::string>& words) {
  std::string text = " ";
  for (const std::string& word : words)
    text += word + " ";
  return std::count_if(kFurniture.begin(), kFurniture.end(), [&](const char* phrase) {
    return text.find(" " + std::string(phrase)) != std::string::npos;
  });
}

}  // namespace

TextMeasures measure(const Normalised& normalised) {
  TextMeasures measures{.structural = normalised.structural};
  const std::vector<char32_t> characters = characters_of(normalised.text);
  const std::vector<std::string> words = words_of(normalised.text);
  measure_characters(characters, measures);
  measure_words(words, measures);
  const auto size = static_cast<double>(std::max<int64_t>(1, measures.characters));
  const auto count = static_cast<double>(std::max<int64_t>(1, measures.words));
  measures.broken = static_cast<double>(normalised.broken) / size;
  measures.markup = static_cast<double>(normalised.structural + normalised.markers) / count;
  measures.furniture = furniture_in(words);
  measure_repetition(words, measures);
  measures.repeated_lines = repeated_line_share(normalised.text);
  return measures;
}

double surprise_of(std::string_view text, const LetterModel& letters) {
  const std::vector<char32_t> characters = characters_of(text);
  const auto count = std::count_if(characters.begin(), characters.end(), is_letter);
  return count < kLeastLetters ? 0 : letters.surprise(text);
}

}  // namespace nelumbo

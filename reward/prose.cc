// SPDX-License-Identifier: Apache-2.0
#include "reward/prose.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "corpus/unicode.h"

namespace nelumbo {

namespace {

struct Range {
  char32_t first, last;
};

/// A language and either its common words (in Latin letters) or the ranges of its script.
struct Language {
  const char* code;
  std::string_view words;  ///< a blank before and behind each
  std::array<Range, 3> script{};
};

constexpr std::array kLanguages = {
    Language{"en", " the of and to is in that it for with was are this be as on by not have or "},
    Language{"de",
             " der die und das ist nicht ein eine mit den von zu auf für im dem sich es des "
             "auch wird "},
    Language{"fr", " le la les et est des un une dans pour que qui ne pas sur avec du il elle au "},
    Language{"es", " el los las y es un una que en del por con para se su al como más lo pero "},
    Language{"it", " il lo gli è di che un una per con non del della sono nel alla si anche dei "},
    Language{"pt", " o os as e é um uma que em do da para com não por se dos mais na ao "},
    Language{"nl", " de het een en van is dat niet te op met voor zijn aan er ook als bij wordt "},
    Language{"zh", "", {Range{0x4E00, 0x9FFF}, Range{0x3400, 0x4DBF}}},
    Language{"ja", "", {Range{0x3040, 0x30FF}, Range{0x4E00, 0x9FFF}}},
    Language{"ko", "", {Range{0xAC00, 0xD7AF}, Range{0x1100, 0x11FF}}},
    Language{"ru", "", {Range{0x0400, 0x04FF}}},
    Language{"ar", "", {Range{0x0600, 0x06FF}, Range{0x0750, 0x077F}}},
    Language{"he", "", {Range{0x0590, 0x05FF}}},
    Language{"el", "", {Range{0x0370, 0x03FF}, Range{0x1F00, 0x1FFF}}},
    Language{"hi", "", {Range{0x0900, 0x097F}}},
};

/// Scripts that put no blanks between words: Han, kana, Thai, Lao, Burmese, Khmer.
constexpr std::array kUnspaced = {Range{0x3400, 0x9FFF}, Range{0x3040, 0x30FF},
                                  Range{0x0E00, 0x0EFF}, Range{0x1000, 0x109F},
                                  Range{0x1780, 0x17FF}};
/// Characters from which on a run of letters is no word.
constexpr int64_t kLongestWord = 32;

/// Common words from which on they tell Latin languages apart.
constexpr int64_t kTelling = 3;

const Language& language_of(const std::string& code) {
  return *std::ranges::find_if(kLanguages, [&](const Language& one) { return code == one.code; });
}

bool is_in(char32_t character, const Language& language) {
  if (!language.words.empty())
    return is_latin(character);
  return std::ranges::any_of(language.script, [&](const Range& range) {
    return character >= range.first && character <= range.last && range.last > 0;
  });
}

int64_t common_words(const std::vector<std::string>& words, const Language& language) {
  return std::ranges::count_if(words, [&](const std::string& word) {
    return language.words.find(" " + word + " ") != std::string_view::npos;
  });
}

bool is_unspaced(char32_t character) {
  return std::ranges::any_of(kUnspaced, [&](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

}  // namespace

const std::vector<std::string>& known_languages() {
  static const std::vector<std::string> kCodes = [] {
    std::vector<std::string> codes;
    for (const Language& language : kLanguages)
      codes.emplace_back(language.code);
    return codes;
  }();
  return kCodes;
}

double language_share(std::string_view text, const std::string& language) {
  const Language& wanted = language_of(language);
  int64_t letters = 0, own = 0;
  for (const char32_t character : characters_of(text)) {
    if (kind_of(character) != CharacterKind::kLetter)
      continue;
    ++letters;
    own += is_in(character, wanted) ? 1 : 0;
  }
  if (letters == 0)
    return 1;
  const double share = static_cast<double>(own) / static_cast<double>(letters);
  if (wanted.words.empty())
    return share;
  const std::vector<std::string> words = words_of(text);
  const int64_t wanted_words = common_words(words, wanted);
  for (const Language& other : kLanguages) {
    const int64_t others = other.words.empty() ? 0 : common_words(words, other);
    if (others >= kTelling && others > wanted_words)
      return 0;
  }
  return share;
}

std::vector<std::string> word_pieces(std::string_view text) {
  std::vector<std::string> pieces;
  for (std::string& word : words_of(text)) {
    const std::vector<char32_t> characters = characters_of(word);
    if (std::ssize(characters) <= kLongestWord && std::ranges::none_of(characters, is_unspaced))
      pieces.push_back(std::move(word));
    else
      for (const char32_t character : characters)
        append_utf8(pieces.emplace_back(), character);
  }
  return pieces;
}

double repeated_share(std::string_view text, int64_t n) {
  const std::vector<std::string> words = word_pieces(text);
  const int64_t runs = std::ssize(words) - n + 1;
  if (runs < 2)
    return 0;
  std::set<std::vector<std::string>> seen;
  std::vector<bool> repeated(words.size());
  for (int64_t i = 0; i < runs; ++i)
    if (!seen.emplace(words.begin() + i, words.begin() + i + n).second)
      std::fill(repeated.begin() + i, repeated.begin() + i + n, true);
  return static_cast<double>(std::ranges::count(repeated, true)) /
         static_cast<double>(words.size());
}

}  // namespace nelumbo

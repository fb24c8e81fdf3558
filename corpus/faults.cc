// SPDX-License-Identifier: Apache-2.0
#include "corpus/faults.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.h"
#include "corpus/fault_phrases.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

using Characters = std::vector<char32_t>;

bool is_letter(char32_t character) {
  return kind_of(character) == CharacterKind::kLetter;
}

template <class T>
const T& pick(const std::vector<T>& from, Random& random) {
  return from[static_cast<size_t>(random.below(std::ssize(from)))];
}

int64_t between(int64_t low, int64_t high, Random& random) {
  return low + random.below(high - low + 1);
}

/// The text cut at white space.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const size_t first = text.find_first_not_of(" \n\t");
    if (first == std::string_view::npos)
      break;
    const size_t end = std::min(text.find_first_of(" \n\t", first), text.size());
    pieces.emplace_back(text.substr(first, end - first));
    text.remove_prefix(end);
  }
  return pieces;
}

std::string slice(const std::vector<std::string>& pieces, int64_t first, int64_t count) {
  const auto from = pieces.begin() + std::min(first, std::ssize(pieces));
  const auto to = pieces.begin() + std::min(first + count, std::ssize(pieces));
  return joined({from, to}, " ");
}

/// Gives each character with probability `share` to `change`, which appends what is to stand there.
template <class Change>
std::string with_changes(std::string_view text, double share, Random& random,
                         const Change& change) {
  Characters changed;
  for (const char32_t character : characters_of(text)) {
    if (random.uniform() < share)
      change(character, changed);
    else
      changed.push_back(character);
  }
  return utf8_of(changed);
}

std::string duplicate(FaultSet set, std::string_view text, bool first_way, Random& random) {
  if (set == FaultSet::kOpen && first_way)
    return std::string(text);
  if (set == FaultSet::kOpen)
    return "  " + joined(pieces_of(lower_case(text)), "  ") + "\n";
  if (first_way)
    return joined(pieces_of(text), "\xC2\xA0");
  return with_changes(text, 0.05, random, [](char32_t character, Characters& to) {
    to.push_back(character);
    to.push_back(0x200B);
  });
}

/// The text with the quotes and dashes of a typesetter, so that an encoding has what to damage.
std::string typeset(std::string_view text) {
  Characters all;
  for (const char32_t character : characters_of(text)) {
    if (character == '\'')
      all.push_back(0x2019);
    else if (character == '-')
      all.push_back(0x2013);
    else
      all.push_back(character);
  }
  return utf8_of(all) + " \xE2\x80\x9CResults \xC2\xB1 SD\xE2\x80\x9D";
}

/// Each byte of the UTF-8 form as a character of its own: what a reader for Latin-1 makes of it.
std::string read_as_latin1(std::string_view text) {
  Characters all;
  for (const char byte : text)
    all.push_back(static_cast<unsigned char>(byte));
  return utf8_of(all);
}

FaultyText broken(FaultSet set, std::string_view text, bool first_way, Random& random) {
  if (set == FaultSet::kOpen && first_way) {
    const std::string fine = typeset(text);
    return {read_as_latin1(fine), fine};
  }
  if (set == FaultSet::kOpen)
    return {
        with_changes(text, 0.02, random, [](char32_t, Characters& to) { to.push_back(0xFFFD); }),
        ""};
  if (first_way) {
    const std::string fine = typeset(text);
    return {read_as_latin1(read_as_latin1(fine)), fine};
  }
  return {with_changes(text, 0.03, random,
                       [&](char32_t, Characters& to) {
                         to.push_back(static_cast<char32_t>(1 + random.below(8)));
                       }),
          ""};
}

std::string markup(FaultSet set, std::string_view text, bool first_way, Random& random) {
  const std::vector<std::string> pieces = pieces_of(text);
  const auto furniture = [&](const std::vector<std::string>& lines, int64_t count) {
    std::string all;
    for (int64_t i = 0; i < count; ++i)
      all += pick(lines, random) + "\n";
    return all;
  };
  if (set == FaultSet::kOpen && first_way)
    return "<html><body><div class=\"nav\"><ul><li><a "
           "href=\"/\">Home</a></li></ul></div>\n<div><p>" +
           std::string(text) + "</p></div></body></html>";
  if (set == FaultSet::kOpen)
    return furniture(fault_phrases::open_furniture(), 4) + std::string(text) + "\n" +
           furniture(fault_phrases::open_furniture(), 4);
  if (first_way) {
    std::vector<std::string> linked;
    linked.reserve(pieces.size());
    for (const std::string& piece : pieces)
      linked.push_back(random.uniform() < 0.25 ? "[[" + piece + "]]" : piece);
    return "{{Infobox}} " + joined(linked, " ") + " [[Category:Health]]";
  }
  return std::string(text) + "\n" + furniture(fault_phrases::held_out_furniture(), 8);
}

std::string fragment(FaultSet set, std::string_view text, bool first_way, Random& random) {
  const std::vector<std::string> pieces = pieces_of(text);
  if (set == FaultSet::kOpen && first_way)
    return slice(pieces, 0, between(1, 3, random));
  if (set == FaultSet::kOpen)
    return "Table " + std::to_string(between(1, 9, random)) + ".";
  if (first_way)
    return slice(pieces, std::ssize(pieces) / 2, between(2, 4, random));
  std::vector<std::string> numbers;
  for (int64_t i = between(3, 30, random); i > 0; --i)
    numbers.push_back(std::to_string(random.below(1000)) + (i % 2 == 0 ? "," : ""));
  return joined(numbers, " ");
}

std::string symbols(FaultSet set, std::string_view text, bool first_way, Random& random) {
  const std::u32string_view signs = set == FaultSet::kOpen ? U"@#^~|*\\" : U"§¤¦¶◆▓$%!?{}";
  const auto sign = [&] { return signs[static_cast<size_t>(random.below(std::ssize(signs)))]; };
  if (first_way)
    return with_changes(text, set == FaultSet::kOpen ? 0.15 : 0.1, random,
                        [&](char32_t, Characters& to) { to.push_back(sign()); });
  std::string all;
  for (const std::string& piece : pieces_of(text)) {
    all += piece + " ";
    for (int64_t i = random.uniform() < 0.4 ? between(2, 8, random) : 0; i > 0; --i)
      append_utf8(all, sign());
    all += " ";
  }
  append_utf8(all, sign());
  return all + all.substr(all.find_last_of(' '));
}

std::string repetition(FaultSet set, std::string_view text, bool first_way, Random& random) {
  const std::vector<std::string> pieces = pieces_of(text);
  const auto repeated = [](const std::string& part, int64_t times, const char* end) {
    std::string all;
    for (int64_t i = 0; i < times; ++i)
      all += part + end;
    return all;
  };
  if (set == FaultSet::kOpen && first_way)
    return repeated(std::string(text), between(3, 8, random), " ");
  if (set == FaultSet::kOpen)
    return std::string(text) + " " + repeated(pick(pieces, random), between(10, 40, random), " ");
  if (first_way)
    return repeated(std::string(text), between(2, 5, random), "\n");
  const std::string tail = slice(pieces, std::max<int64_t>(0, std::ssize(pieces) - 12), 12);
  return std::string(text) + " " +
         repeated(tail, 2 + std::ssize(pieces) / 8 + between(0, 5, random), " ");
}

std::string foreign(FaultSet set, bool first_way, Random& random) {
  const auto& languages = set == FaultSet::kOpen ? fault_phrases::open_languages()
                                                 : fault_phrases::held_out_languages();
  const int64_t half = std::ssize(languages) / 2;
  const int64_t which = random.below(half) + (first_way ? 0 : half);
  std::vector<std::string> sentences = languages[static_cast<size_t>(which)];
  std::vector<std::string> chosen;
  for (int64_t i = between(2, 3, random); i > 0; --i)
    chosen.push_back(pick(sentences, random));
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return joined(chosen, " ") + " (" + std::to_string(random.below(1'000'000)) + ")";
}

/// Changes each word of letters as a whole.
template <class Change>
std::string with_words(std::string_view text, const Change& change) {
  Characters all, word;
  const auto flush = [&] {
    change(word);
    all.insert(all.end(), word.begin(), word.end());
    word.clear();
  };
  for (const char32_t character : characters_of(text)) {
    if (is_letter(character)) {
      word.push_back(character);
      continue;
    }
    flush();
    all.push_back(character);
  }
  flush();
  return utf8_of(all);
}

std::string gibberish(FaultSet set, std::string_view text, bool first_way, Random& random) {
  static constexpr std::u32string_view kRow = U"asdfghjkl";
  if (set == FaultSet::kOpen && first_way)
    return with_words(text, [&](Characters& word) {
      for (int64_t i = std::ssize(word) - 1; i > 0; --i)
        std::swap(word[static_cast<size_t>(i)], word[static_cast<size_t>(random.below(i + 1))]);
    });
  if (set == FaultSet::kOpen)
    return with_words(text, [&](Characters& word) {
      for (char32_t& character : word)
        character = static_cast<char32_t>('a' + random.below(26));
    });
  if (first_way)
    return with_words(text, [&](Characters& word) {
      for (char32_t& character : word)
        character = kRow[static_cast<size_t>(random.below(std::ssize(kRow)))];
    });
  return with_words(text, [](Characters& word) {
    for (char32_t& c : word)
      if (c < 0x80)
        c = (c | 32) == c ? 'a' + (c - 'a' + 13) % 26 : 'A' + (c - 'A' + 13) % 26;
  });
}

}  // namespace

std::string fault_name(Fault fault) {
  static constexpr std::array kNames{"duplicate", "broken",     "markup",  "fragment",
                                     "symbols",   "repetition", "foreign", "gibberish"};
  return kNames[static_cast<size_t>(fault)];
}

FaultyText make_fault(Fault fault, FaultSet set, std::string_view text, Random& random) {
  const bool first_way = random.below(2) == 0;
  switch (fault) {
    case Fault::kDuplicate:
      return {duplicate(set, text, first_way, random), ""};
    case Fault::kBroken:
      return broken(set, text, first_way, random);
    case Fault::kMarkup:
      return {markup(set, text, first_way, random), std::string(text)};
    case Fault::kFragment:
      return {fragment(set, text, first_way, random), ""};
    case Fault::kSymbols:
      return {symbols(set, text, first_way, random), ""};
    case Fault::kRepetition:
      return {repetition(set, text, first_way, random), ""};
    case Fault::kForeign:
      return {foreign(set, first_way, random), ""};
    case Fault::kGibberish:
      break;
  }
  return {gibberish(set, text, first_way, random), ""};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/normalisation.h"

#include <vector>

#include "base/hash.h"
#include "corpus/markup.h"
#include "corpus/mojibake.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr int kMostPasses = 4;

/// Spells out U+FB00 to U+FB06.
constexpr const char* kLigatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

bool is_line_end(char32_t character) {
  return character == '\n' || character == 0x2028 || character == 0x2029;
}

/// Joiners carry meaning in Arabic and Indic scripts; the other invisible characters carry none.
bool is_joiner(char32_t character) {
  return character == 0x200C || character == 0x200D;
}

/// Appends what remains of a text, collapsing white space as it goes.
class Writer {
 public:
  void line_end() {
    ++line_ends_;
    space_ = false;
  }
  void space() { space_ = true; }
  void put(char32_t character) {
    flush();
    append_utf8(text_, character);
  }
  void put(const char* letters) {
    flush();
    text_ += letters;
  }
  std::string take() { return std::move(text_); }

 private:
  void flush() {
    if (!text_.empty() && line_ends_ > 0)
      text_ += line_ends_ > 1 ? "\n\n" : "\n";
    else if (!text_.empty() && space_)
      text_ += ' ';
    line_ends_ = 0;
    space_ = false;
  }

  std::string text_;
  int64_t line_ends_ = 0;
  bool space_ = false;
};

void write(Writer& writer, char32_t character, int64_t& broken) {
  if (is_line_end(character))
    return writer.line_end();
  if (character >= 0xFB00 && character <= 0xFB06)
    return writer.put(kLigatures[character - 0xFB00]);
  switch (kind_of(character)) {
    case CharacterKind::kSpace:
      return writer.space();
    case CharacterKind::kControl:
      ++broken;
      return;
    case CharacterKind::kInvisible:
      if (is_joiner(character))
        writer.put(character);
      return;
    default:
      broken += character == kReplacement ? 1 : 0;
      return writer.put(character);
  }
}

/// Halves of mojibake that could not be put together: "Ã", "Â" or "â" in front of what no word has
/// there.
int64_t left_over(const std::vector<char32_t>& characters) {
  int64_t count = 0;
  for (size_t i = 0; i + 1 < characters.size(); ++i) {
    const char32_t lead = characters[i], next = characters[i + 1];
    const bool is_lead = lead == 0xC2 || lead == 0xC3 || lead == 0xE2 || lead == 0xCE;
    const bool is_odd = next >= 0x80 && !is_latin(next);
    count += is_lead && is_odd ? 1 : 0;
  }
  return count;
}

Normalised pass(std::string_view text) {
  const Unmarked unmarked = without_markup(undo_mojibake(text));
  Normalised result{
      .tags = unmarked.tags, .structural = unmarked.structural, .markers = unmarked.markers};
  const std::vector<char32_t> characters = characters_of(nfc(unmarked.text));
  result.broken = left_over(characters);
  Writer writer;
  for (const char32_t character : characters)
    write(writer, character, result.broken);
  result.text = writer.take();
  return result;
}

}  // namespace

Normalised normalised(std::string_view text) {
  Normalised first = pass(text);
  for (int i = 1; i < kMostPasses; ++i) {  // a dropped character can complete a tag or an entity
    Normalised again = pass(first.text);
    if (again.text == first.text)
      break;
    first.text = std::move(again.text);
    first.tags += again.tags;
    first.structural += again.structural;
  }
  return first;
}

std::string text_key(std::string_view text) {
  std::string key;
  bool space = false;
  for (const char c : lower_case(text)) {
    const bool is_space = c == ' ' || c == '\n';
    if (!is_space && space && !key.empty())
      key += ' ';
    if (!is_space)
      key += c;
    space = is_space;
  }
  return xxh3_128_hex(bytes_of(key));
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/unit_phrases.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "reward/answers.h"

namespace nelumbo {

namespace {

using Kind = Piece::Kind;
using Pair = std::pair<std::string_view, std::string_view>;

/// Words that are two units, one over the other.
constexpr std::array kSpeeds = {Pair{"mph", "miles"}, Pair{"kph", "kilometers"},
                                Pair{"kmh", "kilometers"}, Pair{"kmph", "kilometers"}};

constexpr size_t kLongestSpeed = 4;

/// The bytes of the character at `at`.
size_t length_at(std::string_view text, size_t at) {
  size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    ++end;
  return end - at;
}

/// Letters of ASCII, and of the scripts behind it: "µg", "café". Dashes, quotes, superscripts and
/// signs of money are none.
bool is_letter_at(std::string_view text, size_t at) {
  constexpr unsigned char kFirstOfLatin = 0xC3, kLastOfCyrillic = 0xD4;
  const auto byte = static_cast<unsigned char>(text[at]);
  return is_ascii_letter(text[at]) || text.substr(at).starts_with("µ") ||
         (byte >= kFirstOfLatin && byte <= kLastOfCyrillic);
}

/// Whether the stop at `at` ends a sentence.
bool ends_sentence(std::string_view text, size_t at) {
  constexpr size_t kShort = 3;
  if (at + 1 < text.size() && text[at + 1] != ' ' && text[at + 1] != '\n')
    return false;
  size_t begin = at;
  while (begin > 0 && is_ascii_letter(text[begin - 1]))
    --begin;
  return at == begin || at - begin > kShort || text[begin] >= 'a';
}

class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::vector<Piece> run() {
    while (at_ < text_.size())
      step();
    return std::move(pieces_);
  }

 private:
  void step() {
    const char c = text_[at_];
    const std::string_view rest = text_.substr(at_);
    const bool is_apostrophe = c == '\'' || rest.starts_with("’");
    if (c == '\\' || is_apostrophe) {
      at_ += length_at(text_, at_);
      skip_letters();
    } else if (is_digit(c)) {
      add(Kind::kNumber, number_end());
    } else if (is_letter_at(text_, at_)) {
      const size_t begin = at_;
      skip_letters();
      while (at_ < text_.size() && is_digit(text_[at_]))
        ++at_;
      pieces_.push_back({Kind::kWord, text_.substr(begin, at_ - begin)});
    } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' ||
               (c == '.' && !ends_sentence(text_, at_))) {
      ++at_;
    } else {
      add(Kind::kSign, at_ + length_at(text_, at_));
    }
  }

  void add(Kind kind, size_t end) {
    pieces_.push_back({kind, text_.substr(at_, end - at_)});
    at_ = end;
  }

  void skip_letters() {
    while (at_ < text_.size() && is_letter_at(text_, at_))
      at_ += length_at(text_, at_);
  }

  /// Digits with points and commas between them, and the exponent of "1.5e-3".
  size_t number_end() const {
    size_t end = at_;
    const auto digit_at = [&](size_t at) { return at < text_.size() && is_digit(text_[at]); };
    while (digit_at(end) || (digit_at(end + 1) && (text_[end] == '.' || text_[end] == ',')))
      ++end;
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      const bool has_sign =
          end + 1 < text_.size() && (text_[end + 1] == '-' || text_[end + 1] == '+');
      size_t behind = end + (has_sign ? 2 : 1);
      while (digit_at(behind))
        end = ++behind;
    }
    return end;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Piece> pieces_;
};

/// A unit to a power, and the piece behind it.
struct Found {
  std::vector<Unit> above, below;
  size_t end;
};

class Scanner {
 public:
  explicit Scanner(const std::vector<Piece>& pieces) : pieces_(pieces) {}

  std::vector<UnitPhrase> run() const {
    std::vector<UnitPhrase> all;
    for (size_t at = 0; at < pieces_.size();) {
      auto phrase = phrase_at(at);
      at = phrase ? phrase->end : at + 1;
      if (phrase)
        all.push_back(std::move(*phrase));
    }
    return all;
  }

 private:
  bool is(size_t at, std::string_view text) const {
    return at < pieces_.size() && pieces_[at].text == text;
  }
  bool is_one_of(size_t at, std::initializer_list<std::string_view> words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return is(at, word); });
  }

  /// Where the unit under a line begins: behind "per", "/", or the "an" of "miles an hour".
  size_t below_at(size_t at) const {
    return is_one_of(at, {"per", "/", "a", "an", "each", "every"}) ? at + 1 : 0;
  }

  std::optional<UnitPhrase> phrase_at(size_t begin) const {
    UnitPhrase phrase;
    size_t at = begin;
    if (auto found = powered(at)) {
      phrase.above = std::move(found->above);
      phrase.below = std::move(found->below);
      at = found->end;
    }
    for (size_t next = below_at(at); next > 0; next = below_at(at)) {
      auto found = powered(next);
      if (!found)
        break;
      std::ranges::move(found->above, std::back_inserter(phrase.below));
      at = found->end;
    }
    if (at == begin)
      return std::nullopt;
    phrase.begin = begin;
    phrase.end = at;
    for (size_t i = begin; i < at; ++i) {
      const bool closes = i > begin && pieces_[i - 1].kind == Kind::kSign;
      phrase.written += (i == begin || closes || pieces_[i].kind == Kind::kSign ? "" : " ") +
                        std::string(pieces_[i].text);
    }
    return phrase;
  }

  static std::optional<Found> raised(Found found, int64_t exponent) {
    for (Unit& unit : found.above) {
      const auto factor = power(unit.factor, exponent);
      if (!factor)
        return std::nullopt;
      unit.factor = *factor;
      unit.exponent *= exponent;
    }
    return found;
  }

  /// "square meters", "m²", "m^2", "meters squared"; "m2" is a word
  std::optional<Found> powered(size_t at) const {
    const bool is_square = is_one_of(at, {"square", "Square", "sq"});
    const bool is_cubic = is_one_of(at, {"cubic", "Cubic", "cu"});
    auto found = plain(at + (is_square || is_cubic ? 1 : 0));
    if (!found)
      return std::nullopt;
    int64_t exponent = is_square ? 2 : (is_cubic ? 3 : 1);
    const size_t behind = found->end;
    if (is_one_of(behind, {"²", "squared"}) || is_one_of(behind, {"³", "cubed"})) {
      exponent *= is_one_of(behind, {"²", "squared"}) ? 2 : 3;
      found->end = behind + 1;
    } else if (is(behind, "^")) {
      const size_t number = behind + (is(behind + 1, "{") ? 2 : 1);
      exponent *= is(number, "2") ? 2 : (is(number, "3") ? 3 : 1);
      if (is_one_of(number, {"2", "3"}))
        found->end = number + (number > behind + 1 && is(number + 1, "}") ? 2 : 1);
    }
    return raised(std::move(*found), exponent);
  }

  /// Of the words "in" those with a power: "sq in", "in²".
  bool is_inch(size_t at) const {
    return is_one_of(at + 1, {"²", "³", "^"}) ||
           (at > 0 && is_one_of(at - 1, {"square", "sq", "cubic", "cu"}));
  }

  /// Ounces are asked for and said with the word and without it: "fluid ounces", "fl. oz".
  size_t behind_fluid(size_t at) const {
    if (!is_one_of(at, {"fluid", "Fluid", "fl"}))
      return at;
    const size_t behind = at + (is(at + 1, ".") ? 2 : 1);
    return is_one_of(behind, {"ounce", "ounces", "oz"}) ? behind : at;
  }

  std::optional<Found> plain(size_t at) const {
    if (at >= pieces_.size() || pieces_[at].kind == Kind::kNumber || is(at, "In") ||
        (is(at, "in") && !is_inch(at)))
      return std::nullopt;
    if (is(at, "US") && is_one_of(at + 1, {"$", "dollar", "dollars"}))
      ++at;
    at = behind_fluid(at);
    const std::string_view word = pieces_[at].text;
    auto unit = unit_named(word);
    if (auto degrees = temperature(at, unit))
      return degrees;
    if (const std::string low = word.size() <= kLongestSpeed ? normalized(word) : ""; !low.empty())
      for (const auto& [name, way] : kSpeeds)
        if (low == name)
          return Found{{*unit_named(way)}, {*unit_named("hours")}, at + 1};
    if (unit)
      return Found{{std::move(*unit)}, {}, at + 1};
    const std::string_view digit = word.substr(word.size() - 1);
    auto base =
        digit == "2" || digit == "3" ? unit_named(word.substr(0, word.size() - 1)) : std::nullopt;
    return base ? raised({{std::move(*base)}, {}, at + 1}, digit == "2" ? 2 : 3) : std::nullopt;
  }

  /// "°C", "degrees Fahrenheit", "38 F", where `unit` is what the word at `at` means.
  std::optional<Found> temperature(size_t at, const std::optional<Unit>& unit) const {
    const auto scale = [&](size_t place) -> std::optional<Unit> {
      if (place >= pieces_.size())
        return std::nullopt;
      const std::string low = normalized(pieces_[place].text);
      return low == "c" || low == "celsius" || low == "centigrade" ? unit_named("celsius")
             : low == "f" || low == "fahrenheit"                   ? unit_named("fahrenheit")
                                                                   : std::nullopt;
    };
    const std::string_view word = pieces_[at].text;
    if (word == "℃" || word == "℉")
      return Found{{*unit_named(word == "℃" ? "celsius" : "fahrenheit")}, {}, at + 1};
    if (unit && unit->base == "degree") {
      const auto of = scale(at + 1);
      const size_t end = at + (of ? 2 : 1);
      return Found{{of ? *of : *unit}, {}, end};
    }
    const bool is_behind_number = at > 0 && pieces_[at - 1].kind == Kind::kNumber;
    if (is_behind_number && (word == "C" || word == "F"))
      return Found{{*scale(at)}, {}, at + 1};
    return std::nullopt;
  }

  const std::vector<Piece>& pieces_;
};

}  // namespace

std::vector<Piece> pieces_of(std::string_view text) {
  return Cutter(text).run();
}

std::vector<UnitPhrase> unit_phrases(const std::vector<Piece>& pieces) {
  return Scanner(pieces).run();
}

bool is_same_unit(const Unit& one, const Unit& other) {
  return one.base == other.base && one.exponent == other.exponent && one.factor == other.factor;
}

}  // namespace nelumbo

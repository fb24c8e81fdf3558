// SPDX-License-Identifier: Apache-2.0
#include "corpus/constraint.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

struct Words {
  std::vector<std::string> all;    ///< in lower case
  bool commas_between_all = true;  ///< between any two neighbours
};

/// Whether a character stands within words and changes none: an apostrophe, or what nobody sees.
bool is_silent(char32_t c) {
  constexpr char32_t kCurled = 0x2019;
  return c == '\'' || c == kCurled || kind_of(c) == CharacterKind::kInvisible;
}

Words words_in(std::string_view text) {
  Words words;
  bool is_in_word = false, comma = true;
  for (const char32_t c : characters_of(text)) {
    if (is_silent(c))
      continue;
    const CharacterKind kind = kind_of(c);
    if (kind != CharacterKind::kLetter && kind != CharacterKind::kDigit) {
      is_in_word = false;
      comma = comma || c == ',';
      continue;
    }
    if (!is_in_word) {
      words.commas_between_all = words.commas_between_all && comma;
      words.all.emplace_back();
    }
    is_in_word = true;
    comma = false;
    append_utf8(words.all.back(), c);
  }
  for (std::string& word : words.all)
    word = lower_case(word);
  return words;
}

/// Whether a rule of one word is kept, or none when there is no such rule.
std::optional<bool> is_written(const std::string& rule, std::string_view answer,
                               const Words& words) {
  if (rule == "upper")
    return std::none_of(answer.begin(), answer.end(), is_ascii_small);
  if (rule == "lower")
    return std::none_of(answer.begin(), answer.end(), is_ascii_capital);
  if (rule == "commas")
    return words.commas_between_all;
  return std::nullopt;
}

/// Whether a rule about one word of the answer is kept. REQUIRES: some word.
std::optional<bool> is_worded(const std::string& rule, const std::string& word,
                              const std::vector<std::string>& words) {
  const bool has = std::find(words.begin(), words.end(), word) != words.end();
  if (rule == "first")
    return words.front() == word;
  if (rule == "last")
    return words.back() == word;
  if (rule == "has")
    return has;
  if (rule == "not")
    return !has;
  return std::nullopt;
}

std::optional<int64_t> number_in(const std::string& text) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stop != end || number < 1)
    return std::nullopt;
  return number;
}

/// Whether a minus stands before the number that ends a rule, which is none of its words.
bool is_negative(std::string_view rule, std::string_view number) {
  const std::string_view before = rule.substr(0, rule.rfind(number));
  return before.ends_with('-') || before.ends_with("−") || before.ends_with("–");
}

/// Whether a rule is kept by an answer of these words, or none when it is no rule. REQUIRES: some
/// word.
std::optional<bool> is_kept(const std::vector<std::string>& rule, std::string_view answer,
                            const Words& words) {
  if (rule.size() == 1)
    return is_written(rule[0], answer, words);
  if (rule.size() < 2 || rule.size() > 3)
    return std::nullopt;
  if (rule.size() == 2 && rule[0] != "words")
    return is_worded(rule[0], rule[1], words.all);
  const std::optional<int64_t> number = number_in(rule.back());
  if (!number || rule[0] != (rule.size() == 2 ? "words" : "times"))
    return std::nullopt;
  return *number == (rule.size() == 2 ? std::ssize(words.all)
                                      : std::count(words.all.begin(), words.all.end(), rule[1]));
}

}  // namespace

Result<bool> meets(std::string_view constraint, std::string_view answer) {
  const Words words = words_in(answer);
  const bool is_empty = words.all.empty();
  const std::vector<std::string> rule = words_in(constraint).all;
  const std::optional<bool> kept = is_kept(rule, answer, is_empty ? words_in("none") : words);
  if (!kept || (number_in(rule.back()) && is_negative(constraint, rule.back())))
    return Error{Errc::kBadData, "constraint: '" + std::string(constraint) +
                                     "' is no rule; write words N, first W, last W, has W, not W, "
                                     "times W N, upper, lower or commas"};
  return *kept && !is_empty;
}

}  // namespace nelumbo

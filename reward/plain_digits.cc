// SPDX-License-Identifier: Apache-2.0
#include "reward/plain_digits.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"
#include "base/replace_all.h"

namespace nelumbo {

namespace {

/// Plain, no-break, thin and narrow no-break.
constexpr std::array<std::string_view, 4> kBlanks = {" ", "\u00A0", "\u2009", "\u202F"};
constexpr size_t kGroup = 3;
constexpr std::array<std::string_view, 6> kMinus = {"−",      "–",      "\u2010",
                                                    "\u2011", "\u2012", "\uFE63"};

struct Fraction {
  std::string_view sign, written;
};
constexpr std::array<Fraction, 16> kFractions = {{{"½", "1/2"},
                                                  {"⅓", "1/3"},
                                                  {"⅔", "2/3"},
                                                  {"¼", "1/4"},
                                                  {"¾", "3/4"},
                                                  {"⅕", "1/5"},
                                                  {"⅖", "2/5"},
                                                  {"⅗", "3/5"},
                                                  {"⅘", "4/5"},
                                                  {"⅙", "1/6"},
                                                  {"⅚", "5/6"},
                                                  {"⅛", "1/8"},
                                                  {"⅜", "3/8"},
                                                  {"⅝", "5/8"},
                                                  {"⅞", "7/8"},
                                                  {"\u2044", "/"}}};

size_t digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  return end - at;
}

/// Whether what stands before a group, at the end of `text`, may be a part of its number.
bool goes_on_before(std::string_view text) {
  for (const std::string_view blank : kBlanks)
    while (text.ends_with(blank))
      text.remove_suffix(blank.size());
  return !text.empty() && (is_digit(text.back()) || text.back() == '.' || text.back() == ',' ||
                           text.back() == '/' || text.back() == '^');
}

bool goes_on_behind(std::string_view text) {
  for (const std::string_view blank : kBlanks)
    while (text.starts_with(blank))
      text.remove_prefix(blank.size());
  return !text.empty() && (is_digit(text.front()) || text.front() == ',' || text.front() == '/');
}

/// Takes out blanks of one kind where they part thousands.
void join_groups(std::string& text, std::string_view blank) {
  for (size_t at = text.find(blank); at != std::string::npos; at = text.find(blank, at + 1)) {
    size_t begin = at;
    while (begin > 0 && is_digit(text[begin - 1]))
      --begin;
    size_t end = at;
    while (text.compare(end, blank.size(), blank) == 0 &&
           digits_at(text, end + blank.size()) == kGroup)
      end += blank.size() + kGroup;
    const std::string_view all = text;
    if (end == at || begin == at || at - begin > kGroup || all[begin] == '0' ||
        goes_on_before(all.substr(0, begin)) || goes_on_behind(all.substr(end)))
      continue;
    std::string joined = text.substr(begin, end - begin);
    replace_all(&joined, blank, "");
    text.replace(begin, end - begin, joined);
  }
}

/// The length of "minus " or "negative " in front of an amount; 0 where none stands there.
size_t spoken_minus(std::string_view text) {
  for (const std::string_view word : {"minus", "negative"}) {
    const bool stands = text.size() > word.size() &&
                        std::ranges::equal(text.substr(0, word.size()), word, [](char one, char o) {
                          return one == o || one == o - 'a' + 'A';
                        });
    const size_t next = stands ? text.find_first_not_of(' ', word.size()) : std::string_view::npos;
    if (next != std::string_view::npos && next > word.size() &&
        (is_digit(text[next]) || text[next] == '.' || text[next] == '$' || text[next] == '\\'))
      return next;
  }
  return 0;
}

/// "½" as "1/2", and as " 1/2" behind a digit, of which it is a part.
void write_out_fractions(std::string& text) {
  for (const auto& [sign, written] : kFractions)
    for (size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) {
      const bool is_part = written != "/" && at > 0 && is_digit(text[at - 1]);
      text.replace(at, sign.size(), (is_part ? " " : "") + std::string(written));
    }
}

}  // namespace

std::string with_plain_minus(std::string_view text) {
  const size_t spoken = spoken_minus(text);
  std::string plain = (spoken > 0 ? "-" : "") + std::string(text.substr(spoken));
  if (std::ranges::any_of(plain, [](char c) { return c < 0; }))
    for (const std::string_view minus : kMinus)
      replace_all(&plain, minus, "-");
  return plain;
}

std::string with_plain_percent(std::string_view text) {
  constexpr std::string_view kApart = "per cent";
  std::string plain(text);
  for (size_t at = plain.find(kApart); at != std::string::npos; at = plain.find(kApart, at + 1)) {
    const size_t before = at == 0 ? std::string::npos : plain.find_last_not_of(' ', at - 1);
    const size_t behind = at + kApart.size();
    const bool goes_on = behind < plain.size() && is_ascii_small(plain[behind]);
    if (before != std::string::npos && is_digit(plain[before]) && !goes_on)
      plain.erase(at + kApart.find(' '), 1);
  }
  return plain;
}

std::string with_plain_digits(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return c > ' '; }))
    return std::string(text);  // ASCII without blanks, as most are
  std::string plain = with_plain_minus(text);
  if (std::ranges::any_of(plain, [](char c) { return c < 0; }))
    write_out_fractions(plain);
  for (const std::string_view blank : kBlanks)
    join_groups(plain, blank);
  return plain;
}

}  // namespace nelumbo

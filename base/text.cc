// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/ascii.h"

namespace nelumbo {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), ascii_lower);
  return lower;
}

/// Edits (insert, delete, replace, swap neighbours) between two words: the optimal string alignment
/// distance d(i, j) = min(d(i-1, j) + 1, d(i, j-1) + 1, d(i-1, j-1) + [a_i != b_j], and
/// d(i-2, j-2) + 1 where the last two letters are swapped).
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i)
    d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j)
    d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

/// What stands at the start of a text: a well-formed character, or a part to replace.
struct Step {
  size_t bytes;
  bool valid;
};

/// By table 3-7 of the Unicode standard: the lead byte decides how many follow and narrows the
/// range of the first of them (no overlong forms, no surrogates, nothing above U+10FFFF). An
/// ill-formed part is as long as it could still have become a character.
Step utf8_step(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80)
    return {1, true};
  if (lead < 0xC2 || lead > 0xF4)
    return {1, false};
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (size_t i = 1; i < length; ++i) {
    if (i == text.size() || byte(i) < low || byte(i) > high)
      return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> words) {
  constexpr size_t kLongest = 64;  // nobody misspells more, and the distance is quadratic
  if (word.empty() || word.size() > kLongest)
    return std::nullopt;
  size_t nearest = std::max<size_t>(1, (word.size() + 1) / 3) + 1;
  std::optional<std::string> found;
  for (const std::string& candidate : words) {
    if (candidate.size() > kLongest)
      continue;
    const size_t distance = edit_distance(lower_case(word), lower_case(candidate));
    if (distance < nearest && distance < candidate.size()) {
      nearest = distance;
      found = candidate;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> words) {
  const auto found = nearest_word(word, words);
  return found ? " (did you mean '" + *found + "'?)" : "";
}

std::optional<size_t> invalid_utf8_at(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Step step = utf8_step(text.substr(at));
    if (!step.valid)
      return at;
    at += step.bytes;
  }
  return std::nullopt;
}

std::string valid_utf8(std::string_view text) {
  if (is_ascii(text))
    return std::string(text);
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const Step step = utf8_step(text);
    valid += step.valid ? text.substr(0, step.bytes) : "\xEF\xBF\xBD";
    text.remove_prefix(step.bytes);
  }
  return valid;
}

std::string shortened(std::string_view text) {
  constexpr size_t kMost = 100;
  if (text.size() <= kMost)
    return std::string(text);
  size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) + 1 - first);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kWhiteSpace) == std::string_view::npos;
}

std::string_view take_until(std::string_view mark, std::string_view* rest) {
  const size_t end = std::min(rest->find(mark), rest->size());
  const std::string_view taken = rest->substr(0, end);
  rest->remove_prefix(std::min(end + mark.size(), rest->size()));
  return taken;
}

int64_t occurrences(std::string_view mark, std::string_view text) {
  int64_t count = 0;
  for (size_t at = text.find(mark); at != std::string_view::npos;
       at = text.find(mark, at + mark.size()))
    ++count;
  return count;
}

std::string joined(const std::vector<std::string>& pieces, std::string_view mark) {
  std::string text;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0)
      text += mark;
    text += pieces[i];
  }
  return text;
}

std::string html_escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_split.h"

#include <algorithm>
#include <cstring>

#include "model/jinja_case.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr size_t kNone = std::string_view::npos;

template <bool kFromEnd>
char byte_at(std::string_view text, size_t i) {
  return kFromEnd ? text[text.size() - 1 - i] : text[i];
}

/// How far byte `c` is from the side that the search comes from, at `i` or behind.
template <bool kFromEnd>
size_t next_byte(std::string_view text, char c, size_t i) {
  const size_t rest = text.size() - i;
  const void* found =
      kFromEnd ? memrchr(text.data(), c, rest) : std::memchr(text.data() + i, c, rest);
  if (found == nullptr)
    return kNone;
  const auto at = static_cast<size_t>(static_cast<const char*>(found) - text.data());
  return kFromEnd ? text.size() - 1 - at : at;
}

template <bool kFromEnd>
std::vector<uint32_t> borders_of(std::string_view wanted) {
  std::vector<uint32_t> borders(wanted.size());
  uint32_t border = 0;
  for (size_t i = 1; i < wanted.size(); ++i) {
    const char c = byte_at<kFromEnd>(wanted, i);
    while (border > 0 && byte_at<kFromEnd>(wanted, border) != c)
      border = borders[border - 1];
    border += static_cast<uint32_t>(byte_at<kFromEnd>(wanted, border) == c);
    borders[i] = border;
  }
  return borders;
}

/// Where the occurrence ends, counted from the side that the search comes from.
template <bool kFromEnd>
size_t found_end(std::string_view text, std::string_view wanted,
                 const std::vector<uint32_t>& borders) {
  size_t matched = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (matched == 0)
      i = next_byte<kFromEnd>(text, byte_at<kFromEnd>(wanted, 0), i);
    if (i == kNone)
      return kNone;
    const char c = byte_at<kFromEnd>(text, i);
    while (matched > 0 && byte_at<kFromEnd>(wanted, matched) != c)
      matched = borders[matched - 1];
    matched += static_cast<size_t>(byte_at<kFromEnd>(wanted, matched) == c);
    if (matched == wanted.size())
      return i + 1;
  }
  return kNone;
}

bool is_space(std::string_view point) {
  return is_python_space(code_point_value(point));
}

bool ends_line(uint32_t point) {
  return (point >= 0x0A && point <= 0x0D) || (point >= 0x1C && point <= 0x1E) || point == 0x85 ||
         point == 0x2028 || point == 0x2029;
}

}  // namespace

JinjaFinder::JinjaFinder(std::string_view wanted, From from)
    : wanted_(wanted),
      from_(from),
      borders_(from == From::kEnd ? borders_of<true>(wanted) : borders_of<false>(wanted)) {}

size_t JinjaFinder::find(std::string_view text) const {
  if (wanted_.empty())
    return from_ == From::kEnd ? text.size() : 0;
  if (from_ == From::kStart) {
    const size_t end = found_end<false>(text, wanted_, borders_);
    return end == kNone ? kNone : end - wanted_.size();
  }
  const size_t end = found_end<true>(text, wanted_, borders_);
  return end == kNone ? kNone : text.size() - end;
}

bool jinja_pay_search(JinjaRun& run, std::string_view text, std::string_view wanted) {
  return run.scan(std::ssize(text) + std::ssize(wanted)) &&
         run.fits(static_cast<int64_t>(sizeof(uint32_t)) * std::ssize(wanted));
}

void split_at_space(std::string_view text, int64_t most, const JinjaTake& take) {
  text = strip_left(text);
  for (int64_t cuts = 0; !text.empty(); ++cuts) {
    if (cuts == most) {
      take(text);
      return;
    }
    size_t end = 0;
    for (const std::string_view point : code_points(text)) {
      if (is_space(point))
        break;
      end += point.size();
    }
    if (!take(text.substr(0, end)))
      return;
    text = strip_left(text.substr(end));
  }
}

void split_at_space_from_end(std::string_view text, int64_t most, const JinjaTake& take) {
  text = strip_right(text);
  for (int64_t cuts = 0; !text.empty(); ++cuts) {
    if (cuts == most) {
      take(text);
      return;
    }
    std::string_view rest = text;
    while (!rest.empty() && !is_space(last_point(rest)))
      rest.remove_suffix(last_point(rest).size());
    if (!take(text.substr(rest.size())))
      return;
    text = strip_right(rest);
  }
}

void split_at(std::string_view text, std::string_view mark, int64_t most, const JinjaTake& take) {
  const JinjaFinder finder(mark);
  for (int64_t cuts = 0; cuts != most; ++cuts) {
    const size_t found = finder.find(text);
    if (found == kNone)
      break;
    if (!take(text.substr(0, found)))
      return;
    text.remove_prefix(found + mark.size());
  }
  take(text);
}

void split_at_from_end(std::string_view text, std::string_view mark, int64_t most,
                       const JinjaTake& take) {
  const JinjaFinder finder(mark, JinjaFinder::From::kEnd);
  for (int64_t cuts = 0; cuts != most; ++cuts) {
    const size_t found = finder.find(text);
    if (found == kNone)
      break;
    if (!take(text.substr(found + mark.size())))
      return;
    text = text.substr(0, found);
  }
  take(text);
}

void split_lines(std::string_view text, bool keep_ends, const JinjaTake& take) {
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const std::string_view point = first_point(text.substr(at));
    if (!ends_line(code_point_value(point))) {
      at += point.size();
      continue;
    }
    const size_t end = at + (text.substr(at, 2) == "\r\n" ? 2 : point.size());
    if (!take(text.substr(begin, (keep_ends ? end : at) - begin)))
      return;
    begin = at = end;
  }
  if (begin < text.size())
    take(text.substr(begin));
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nelumbo {

// Python's str over well-formed UTF-8. Pieces are views of the text that they are cut from.

/// The code point at the front of a text, or at its end. REQUIRES: the text is not empty.
std::string_view first_point(std::string_view text);
std::string_view last_point(std::string_view text);

/// The code points of a text, one after the other.
class CodePoints {
 public:
  class Iterator {
   public:
    explicit Iterator(std::string_view rest) : rest_(rest) {}
    std::string_view operator*() const { return first_point(rest_); }
    Iterator& operator++() {
      rest_.remove_prefix(first_point(rest_).size());
      return *this;
    }
    bool operator!=(const Iterator& other) const { return rest_.size() != other.rest_.size(); }

   private:
    std::string_view rest_;
  };

  explicit CodePoints(std::string_view text) : text_(text) {}
  Iterator begin() const { return Iterator(text_); }
  static Iterator end() { return Iterator({}); }

 private:
  std::string_view text_;
};

inline CodePoints code_points(std::string_view text) {
  return CodePoints(text);
}
/// The bytes of the first `count` code points, or of all where there are fewer.
size_t bytes_of_points(std::string_view text, int64_t count);
int64_t code_point_count(std::string_view text);
/// The bytes of one code point. REQUIRES: a Unicode scalar value.
std::string utf8_of(uint32_t point);

/// What str.isspace says of a code point.
bool is_python_space(uint32_t point);
std::string_view strip_left(std::string_view text);
std::string_view strip_right(std::string_view text);
/// Strips the code points that stand in `set`.
std::string_view strip_left(std::string_view text, std::string_view set);
std::string_view strip_right(std::string_view text, std::string_view set);

/// repr of a str: quoted, with escapes for what does not print.
std::string quoted(std::string_view text);
/// The same of what a message tells: of a long text its beginning, with three dots behind.
std::string quoted_briefly(std::string_view text);
/// repr piece by piece, for texts of any length.
void quote(std::string_view text, const std::function<bool(std::string_view)>& take);
/// Cuts whole code points off the front of `text`, as many as a small buffer takes.
std::string_view take_chunk(std::string_view& text);
/// repr of a float: the shortest decimal that reads back as the same value.
std::string real_text(double value);

/// int(text) and float(text), white space around and underscores between digits allowed.
std::optional<int64_t> parse_integer(std::string_view text, int base);
std::optional<double> parse_real(std::string_view text);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// Reads a text file line by line in bounded memory, whatever the file holds. One owner.
///
///     Result<LineReader> reader = LineReader::open("terms.tsv");
///     std::string line;
///     for (;;) {
///       const Result<bool> read = reader.value().next(&line);
///       if (!read)
///         return read.error();
///       if (!read.value())
///         break;
///       ...
///     }
class LineReader {
 public:
  /// A line of more bytes is no line of text.
  static constexpr size_t kLongestLine = size_t{1} << 20;

  /// Only regular files. kBadData names the path and the fix.
  static Result<LineReader> open(const std::string& path, size_t longest_line = kLongestLine);

  /// Puts the next line, without "\n" or "\r\n", into `line`; false at the end. A last line need
  /// not end in "\n". kBadData names file and line: longer than the longest, a zero byte, or not
  /// UTF-8.
  Result<bool> next(std::string* line);

  /// The number of the line that was read last, from 1.
  int64_t number() const { return number_; }

  /// "FILE:LINE: what": the error about the line that was read last, or about the first.
  Error bad(const std::string& what) const;
  /// The same about an earlier line.
  Error bad_at(int64_t line, const std::string& what) const;

 private:
  LineReader(std::string path, std::ifstream file, size_t longest_line);
  bool fill();
  Result<bool> checked(const std::string& line) const;

  std::string path_;
  std::ifstream file_;
  size_t longest_line_;
  std::vector<char> buffer_;
  size_t at_ = 0, end_ = 0;  ///< what of the buffer was not given out yet
  int64_t number_ = 0;
};

/// The parts between tabs; one more than there are tabs. They live as long as `line`.
std::vector<std::string_view> tab_fields(std::string_view line);

}  // namespace nelumbo

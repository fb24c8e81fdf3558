// SPDX-License-Identifier: Apache-2.0
#include "corpus/line_reader.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"

namespace nelumbo {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 16;

Error unreadable(const std::string& path, const std::string& why) {
  return {Errc::kBadData, path + ": " + why + "; restore the file"};
}

}  // namespace

LineReader::LineReader(std::string path, std::ifstream file, size_t longest_line)
    : path_(std::move(path)),
      file_(std::move(file)),
      longest_line_(longest_line),
      buffer_(kBufferBytes) {}

Result<LineReader> LineReader::open(const std::string& path, size_t longest_line) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status))
    return unreadable(path, "there is no such file");
  if (!std::filesystem::is_regular_file(status))
    return unreadable(path, "is no regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return unreadable(path, "cannot be opened");
  return LineReader(path, std::move(file), longest_line);
}

bool LineReader::fill() {
  file_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  at_ = 0;
  end_ = static_cast<size_t>(file_.gcount());
  return end_ > 0;
}

Result<bool> LineReader::checked(const std::string& line) const {
  if (line.find('\0') != std::string::npos)
    return bad("holds a zero byte; restore the file or save it as UTF-8 text");
  if (const std::optional<size_t> at = invalid_utf8_at(line))
    return bad("byte " + std::to_string(*at + 1) + " is not UTF-8; save the file as UTF-8");
  return true;
}

Result<bool> LineReader::next(std::string* line) {
  line->clear();
  if (at_ == end_ && !fill())
    return false;
  ++number_;
  for (bool ended = false; !ended && (at_ < end_ || fill());) {
    const char* start = buffer_.data() + at_;
    const auto* newline = static_cast<const char*>(std::memchr(start, '\n', end_ - at_));
    ended = newline != nullptr;
    const size_t bytes = ended ? static_cast<size_t>(newline - start) : end_ - at_;
    if (line->size() + bytes > longest_line_)
      return bad("is longer than " + std::to_string(longest_line_) +
                 " bytes; break the line or restore the file");
    line->append(start, bytes);
    at_ += bytes + (ended ? 1 : 0);
  }
  if (line->ends_with('\r'))
    line->pop_back();
  return checked(*line);
}

Error LineReader::bad(const std::string& what) const {
  return bad_at(std::max<int64_t>(1, number_), what);
}

Error LineReader::bad_at(int64_t line, const std::string& what) const {
  return {Errc::kBadData, path_ + ":" + std::to_string(line) + ": " + what};
}

std::vector<std::string_view> tab_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos)
      return fields;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace nelumbo

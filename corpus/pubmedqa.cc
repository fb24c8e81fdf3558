// SPDX-License-Identifier: Apache-2.0
#include "corpus/pubmedqa.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "corpus/jsonl.h"
#include "corpus/line_reader.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

constexpr uintmax_t kLargestFile = uintmax_t{512} << 20;

int64_t line_at(std::string_view text, size_t byte) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<int64_t>(byte), '\n');
}

/// The length of the shortest beginning of the text that has this fault.
size_t length_with_fault(std::string_view text, const std::string& message) {
  size_t without = 0, with = text.size();
  while (without + 1 < with) {
    const size_t length = without + (with - without) / 2;
    const Result<nlohmann::json> parsed = parse_json(text.substr(0, length), "");
    (!parsed && parsed.error().message == message ? with : without) = length;
  }
  return with;
}

/// The line of the byte that the parser's message ends with; where it names none (a key that stands
/// twice), the line at which the fault begins.
int64_t line_of_fault(std::string_view text, const std::string& message) {
  constexpr std::string_view kAt = " at byte ";
  const size_t at = message.rfind(kAt);
  if (at == std::string::npos)
    return line_at(text, length_with_fault(text, message));
  int64_t byte = 0;
  std::from_chars(message.data() + at + kAt.size(), message.data() + message.size(), byte);
  return line_at(text, std::min(text.size(), static_cast<size_t>(std::max<int64_t>(1, byte) - 1)));
}

/// The line of each record: the first one that has its id as a key.
std::unordered_map<std::string, int64_t> lines_of_keys(std::string_view text) {
  std::unordered_map<std::string, int64_t> lines;
  int64_t line = 1;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n')
      ++line;
    if (text[at] != '"')
      continue;
    const size_t end = text.find('"', at + 1);
    const std::string_view rest = end == std::string_view::npos ? "" : text.substr(end + 1, 8);
    const size_t colon = rest.find_first_not_of(" \n");
    if (colon != std::string_view::npos && rest[colon] == ':')
      lines.emplace(text.substr(at + 1, end - at - 1), line);
  }
  return lines;
}

Result<std::vector<std::string>> texts_member(const nlohmann::json& object, const std::string& key,
                                              const Place& place) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array())
    return Error{Errc::kBadData, place.text() + ": no list '" + key + "'; add it"};
  for (const nlohmann::json& text : *found) {
    if (!text.is_string())
      return Error{Errc::kBadData,
                   place.text() + ": '" + key + "' holds what is no text; quote it"};
    if (is_blank(text.get_ref<const std::string&>()))
      return Error{Errc::kBadData,
                   place.text() + ": '" + key + "' holds an empty text; fill it or drop it"};
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

Result<PubmedqaRecord> record_of(const std::string& id, const nlohmann::json& object, Place place) {
  PubmedqaRecord record{.id = id, .place = std::move(place)};
  if (is_blank(id))
    return Error{Errc::kBadData, record.place.text() + ": the id is empty; fill it"};
  if (!object.is_object())
    return Error{Errc::kBadData, record.place.text() + ": '" + id + "' is no object; make it one"};
  for (const auto& [key, target] :
       {std::pair("QUESTION", &record.question), std::pair("LONG_ANSWER", &record.long_answer),
        std::pair("final_decision", &record.decision)}) {
    Result<std::string> text = text_member(object, key, record.place.text());
    if (!text)
      return text.error();
    *target = std::move(text).value();
  }
  for (const auto& [key, target] :
       {std::pair("CONTEXTS", &record.contexts), std::pair("MESHES", &record.headings)}) {
    Result<std::vector<std::string>> texts = texts_member(object, key, record.place);
    if (!texts)
      return texts.error();
    *target = std::move(texts).value();
  }
  if (record.contexts.empty())
    return Error{Errc::kBadData, record.place.text() + ": 'CONTEXTS' is empty; drop the record"};
  return record;
}

}  // namespace

Result<std::string> read_whole_json(const std::string& path) {
  if (const Result<LineReader> reader = LineReader::open(path); !reader)
    return reader.error();
  std::error_code none;
  if (std::filesystem::file_size(path, none) > kLargestFile)
    return Error{Errc::kBadData, path + ":1: the file is bigger than " +
                                     std::to_string(kLargestFile) + " bytes; split it"};
  Result<std::string> read = read_file(path, static_cast<int64_t>(kLargestFile));
  if (!read)
    return read;
  const std::string& text = read.value();
  const auto bad = [&](size_t at, const std::string& what) {
    return Error{Errc::kBadData, path + ":" + std::to_string(line_at(text, at)) + ": " + what};
  };
  if (const size_t at = text.find('\0'); at != std::string::npos)
    return bad(at, "holds a zero byte; restore the file or save it as UTF-8 text");
  if (const std::optional<size_t> at = invalid_utf8_at(text))
    return bad(*at, "byte " + std::to_string(*at - (text.rfind('\n', *at) + 1) + 1) +
                        " is not UTF-8; save the file as UTF-8");
  return read;
}

Result<std::vector<PubmedqaRecord>> read_pubmedqa(const std::string& path) {
  const Result<std::string> read = read_whole_json(path);
  if (!read)
    return read.error();
  const std::string& text = read.value();
  const Result<nlohmann::json> root = parse_json(text, "");
  if (!root)
    return Error{Errc::kBadData, path + ":" +
                                     std::to_string(line_of_fault(text, root.error().message)) +
                                     root.error().message + "; write one JSON object of records"};
  if (!root.value().is_object() || root.value().empty())
    return Error{Errc::kBadData, path + ":1: holds no record; write one JSON object of records"};
  const auto lines = lines_of_keys(text);
  std::vector<PubmedqaRecord> records;
  for (const auto& [id, object] : root.value().items()) {
    const auto line = lines.find(id);
    Result<PubmedqaRecord> record =
        record_of(id, object, Place{path, line == lines.end() ? 1 : line->second});
    if (!record)
      return record.error();
    records.push_back(std::move(record).value());
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.place.line < b.place.line; });
  return records;
}

}  // namespace nelumbo

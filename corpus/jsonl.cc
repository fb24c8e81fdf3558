// SPDX-License-Identifier: Apache-2.0
#include "corpus/jsonl.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "corpus/line_reader.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Result<nlohmann::json> object_of(std::string_view line, const Place& place) {
  Result<nlohmann::json> object = parse_json(line, place.text());
  if (!object)
    return Error{Errc::kBadData, object.error().message + "; write one JSON object a line"};
  if (!object.value().is_object())
    return Error{Errc::kBadData, place.text() + ": no JSON object; write one object a line"};
  return object;
}

}  // namespace

Result<void> for_each_line(
    const std::string& path,
    const std::function<Result<void>(std::string_view line, const Place&)>& use,
    size_t longest_line) {
  Result<LineReader> reader = LineReader::open(path, longest_line);
  if (!reader)
    return reader.error();
  std::string line;
  for (;;) {
    const Result<bool> read = reader.value().next(&line);
    if (!read)
      return read.error();
    if (!read.value())
      return {};
    const Place place{path, reader.value().number()};
    std::string_view text = line;
    if (place.line == 1 && text.starts_with(kByteOrderMark))
      text.remove_prefix(kByteOrderMark.size());
    if (is_blank(text))
      continue;
    if (Result<void> used = use(text, place); !used)
      return used;
  }
}

Result<void> for_each_object(
    const std::string& path,
    const std::function<Result<void>(const nlohmann::json&, const Place&)>& use) {
  return for_each_line(path, [&](std::string_view line, const Place& place) -> Result<void> {
    const Result<nlohmann::json> object = object_of(line, place);
    return object ? use(object.value(), place) : object.error();
  });
}

Result<std::string> text_member(const nlohmann::json& object, const std::string& key,
                                const std::string& place) {
  const auto found = object.find(key);
  if (found == object.end())
    return Error{Errc::kBadData, place + ": no field '" + key + "'; add it or drop the line"};
  if (!found->is_string())
    return Error{Errc::kBadData, place + ": '" + key + "' is not text; quote it"};
  if (is_blank(found->get_ref<const std::string&>()))
    return Error{Errc::kBadData, place + ": '" + key + "' is empty; fill it or drop the line"};
  return found->get<std::string>();
}

}  // namespace nelumbo

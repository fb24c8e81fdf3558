// SPDX-License-Identifier: Apache-2.0
#include "corpus/preference_data.h"

#include <cmath>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/complaints.h"
#include "corpus/chat_content.h"
#include "corpus/jsonl.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr size_t kLongestRow = size_t{8} << 20;  // as rows of conversations

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

bool has(const ordered_json& row, const char* key) {
  return row.contains(key) && !row[key].is_null();
}

/// Whether an answer is given with the conversation before it.
bool is_whole(const ordered_json& answer) {
  return answer.is_array() && answer.size() > 1;
}

/// The row of a conversation with one of the two answers, as corpus/chat_data.h reads it.
Result<ordered_json> row_with(const ordered_json& row, const char* side, const std::string& place) {
  ordered_json one = ordered_json::object();
  for (const char* key : {"tools", "images", "id"})
    if (has(row, key))
      one[key] = row[key];
  const ordered_json& answer = row[side];
  if (is_whole(answer)) {
    if (!answer.back().is_object() || answer.back().value("role", ordered_json()) != "assistant")
      return bad(place, std::string(side) + ": must end in a message of the assistant's");
    one["messages"] = answer;
    return one;
  }
  const char* asked = has(row, "prompt") ? "prompt" : "messages";
  if (!has(row, asked))
    return bad(place,
               "has no prompt; give it under 'prompt', or whole conversations under "
               "'chosen' and 'rejected'");
  one["prompt"] = row[asked];
  one["completion"] = answer;
  return one;
}

Result<ChatExample> read_side(const ordered_json& row, const char* side, const std::string& place) {
  const Result<ordered_json> one = row_with(row, side, place);
  if (!one)
    return one.error();
  std::optional<ChatLayout> layout;
  Result<ChatExample> example = read_chat_row(one.value(), place, &layout);
  if (!example)  // which calls the answer "completion", or "messages"
    return Error{example.error().code, example.error().message + " (of '" + side + "')"};
  if (!example.value().demonstration)
    return bad(place, std::string(side) + ": must end in what the assistant says");
  return example;
}

}  // namespace

Result<PreferenceExample> read_preference_row(const ordered_json& row, const std::string& place) {
  for (const char* side : {"chosen", "rejected"})
    if (!has(row, side))
      return bad(place, std::string("has no '") + side +
                            "'; a row needs a prompt, and a better and a worse answer under "
                            "'chosen' and 'rejected'");
  Result<ChatExample> chosen = read_side(row, "chosen", place);
  if (!chosen)
    return chosen.error();
  Result<ChatExample> rejected = read_side(row, "rejected", place);
  if (!rejected)
    return rejected.error();
  PreferenceExample example{std::move(chosen).value(), std::move(rejected).value(), 0};
  if (example.chosen.messages != example.rejected.messages ||
      example.chosen.images != example.rejected.images)
    return bad(place,
               "'chosen' and 'rejected' answer different conversations; only their last "
               "messages may differ");
  if (example.chosen.answer == example.rejected.answer)
    return bad(place, "'chosen' and 'rejected' are the same answer; leave the row out");
  if (has(row, "margin")) {
    if (!row["margin"].is_number() || !std::isfinite(row["margin"].get<double>()))
      return bad(place, "margin: must be a number");
    example.margin = row["margin"].get<double>();
  }
  return example;
}

Result<std::vector<PreferenceExample>> read_preference_file(const std::string& path) {
  if (path.ends_with(".parquet"))
    return bad(path, "is Parquet; turn it into JSON Lines: scripts/parquet_to_jsonl.sh " + path);
  std::vector<PreferenceExample> examples;
  std::unordered_set<std::string> ids;
  Complaints complaints;
  const auto use = [&](std::string_view line, const Place& at) -> Result<void> {
    const Result<ordered_json> row = parse_ordered_json(line, at.text());
    if (!complaints.accept(row))
      return {};
    Result<PreferenceExample> example =
        row.value().is_object() ? read_preference_row(row.value(), at.text())
                                : bad(at.text(), "no JSON object; write one object a line");
    if (!complaints.accept(example))
      return {};
    if (!ids.insert(example.value().chosen.id).second) {
      complaints.add(
          bad(at.text(), "the id '" + example.value().chosen.id + "' stands there twice"));
      return {};
    }
    for (std::string& image : example.value().chosen.images)
      image = from_folder_of(path, image);
    examples.push_back(std::move(example).value());
    return {};
  };
  complaints.accept(for_each_line(path, use, kLongestRow));
  if (!complaints.empty())
    return complaints.error();
  if (examples.empty())
    return bad(path, "has no rows");
  return examples;
}

}  // namespace nelumbo

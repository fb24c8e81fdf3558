// SPDX-License-Identifier: Apache-2.0
#include "corpus/chat_data.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_set>
#include <utility>

#include "base/complaints.h"
#include "base/text.h"
#include "corpus/chat_content.h"
#include "corpus/jsonl.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 11> kKnownMembers = {
    "id",       "images", "tools", "messages", "prompt",      "completion",
    "question", "answer", "input", "label",    "reward_model"};
constexpr std::array<const char*, 5> kLayouts = {"messages", "completion", "answer", "label",
                                                 "verl"};
constexpr size_t kLongestRow = size_t{8} << 20;  // pictures as data URLs are long
constexpr size_t kMostMessages = 500;  // each answer is rendered with all that stands before it
constexpr std::array<const char*, 4> kRoles = {"system", "user", "assistant", "tool"};

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

bool has(const ordered_json& row, const char* key) {
  return row.contains(key) && !row[key].is_null();
}

std::optional<ChatLayout> layout_of(const ordered_json& row) {
  if (has(row, "messages"))
    return ChatLayout::kMessages;
  if (has(row, "reward_model") && has(row, "prompt"))
    return ChatLayout::kVerl;
  if (has(row, "completion") && has(row, "prompt"))
    return ChatLayout::kCompletion;
  if (has(row, "label") && (has(row, "input") || has(row, "prompt")))
    return ChatLayout::kLabel;
  if (has(row, "answer") && (has(row, "question") || has(row, "prompt")))
    return ChatLayout::kAnswer;
  return std::nullopt;
}

/// Whether a row is a conversation with the criteria of its answer, as ours or its makers lay it
/// out.
bool is_healthbench(const ordered_json& row) {
  return (has(row, "messages") && has(row, "rubric")) ||
         (has(row, "prompt") && has(row, "rubrics"));
}

std::string fields_of(const ordered_json& row) {
  std::vector<std::string> names;
  for (const auto& [name, value] : row.items())
    names.push_back(name);
  return names.empty() ? "none" : joined(names, ", ");
}

Result<void> read_part(const ordered_json& part, const std::string& place, ChatExample* out) {
  const std::string type =
      part.is_object() && part.contains("type") && part["type"].is_string() ? part["type"] : "";
  const bool is_text = type == "text" && part.contains("text") && part["text"].is_string();
  if (!is_text && type != "image" && type != "image_url")
    return bad(place, "a part must be {\"type\": \"text\", \"text\": ..} or a picture");
  if (const auto other = contradiction_in(part))
    return bad(place, "a part of the type '" + type + "' has '" + *other +
                          "', too; make that a part of its own or leave it out");
  if (is_text)
    return {};
  out->images.push_back(picture_of(part).value_or(""));  // "": one of the row's own
  return {};
}

Result<void> read_content(const ordered_json& message, const std::string& place, ChatExample* out) {
  const bool calls = message.contains("tool_calls") && message["tool_calls"].is_array();
  const ordered_json content = message.contains("content") ? message["content"] : ordered_json();
  if (content.is_string() && !is_blank(content.get_ref<const std::string&>()))
    return {};
  if (calls && (content.is_null() || content == ""))
    return {};
  if (!content.is_array() || content.empty())
    return bad(place, "has no content; write a text, or a list of parts");
  for (const ordered_json& part : content)
    if (auto read = read_part(part, place, out); !read)
      return read;
  return {};
}

/// Checks the messages of a conversation and keeps them.
Result<void> read_messages(const ordered_json& messages, const std::string& place,
                           ChatExample* out) {
  if (!messages.is_array() || messages.empty())
    return bad(place, "must be a list of messages, at least one");
  if (messages.size() > kMostMessages)
    return bad(place, "has " + std::to_string(messages.size()) + " messages; at most " +
                          std::to_string(kMostMessages) + " are read, cut it");
  for (size_t i = 0; i < messages.size(); ++i) {
    const std::string where = place + "[" + std::to_string(i) + "]";
    const ordered_json& message = messages[i];
    if (!message.is_object() || !message.contains("role") || !message["role"].is_string())
      return bad(where, "must be an object with a role");
    const auto role = message["role"].get<std::string>();
    if (std::ranges::find(kRoles, role) == kRoles.end())
      return bad(where,
                 "no role is called '" + role + "'; there are system, user, assistant, tool");
    if (role == "system" && i > 0)
      return bad(where, "a system message must be the first");
    if (role == "assistant" && (i == 0 || messages[i - 1]["role"] == "system"))
      return bad(where, "an answer has nothing before it that it answers");
    if (i > 0 && role == messages[i - 1]["role"] && role != "tool")
      return bad(where, "two messages of the role '" + role + "' in a row; join them");
    if (auto read = read_content(message, where, out); !read)
      return read;
    out->messages.push_back(with_bare_parts(message));
  }
  return {};
}

/// A text is what the user says.
Result<void> read_prompt(const ordered_json& prompt, const std::string& place, ChatExample* out) {
  if (!prompt.is_string() && !prompt.is_array())
    return bad(place, "must be a text or a list of messages");
  if (prompt.is_array())
    return read_messages(prompt, place, out);
  return read_messages(ordered_json::array({{{"role", "user"}, {"content", prompt}}}), place, out);
}

/// Keeps a message of the assistant's as what it is shown to say.
void demonstrate(const ordered_json& message, ChatExample* out) {
  out->answer = message;
  out->demonstration = words_of(message.value("content", ordered_json()));
  out->answer["content"] = *out->demonstration;
}

/// The last message, where it is the assistant's.
void take_demonstration(ChatExample* out) {
  const ordered_json& last = out->messages.back();
  if (last["role"] != "assistant")
    return;
  demonstrate(last, out);
  out->messages.erase(out->messages.size() - 1);
}

Result<std::string> text_or_number(const ordered_json& value, const std::string& place) {
  if (value.is_string() && !is_blank(value.get_ref<const std::string&>()))
    return value.get<std::string>();
  if (value.is_number())
    return value.dump();
  return bad(place, "must be a text or a number");
}

Result<void> read_completion(const ordered_json& value, const std::string& place,
                             ChatExample* out) {
  if (value.is_array()) {
    if (value.size() != 1 || !value[0].is_object() || !value[0].contains("role") ||
        value[0]["role"] != "assistant")
      return bad(place, "must be one message of the assistant's");
    if (auto read = read_content(value[0], place + "[0]", out); !read)
      return read;
    demonstrate(value[0], out);
    return {};
  }
  Result<std::string> text = text_or_number(value, place);
  if (!text)
    return text.error();
  demonstrate({{"role", "assistant"}, {"content", std::move(text).value()}}, out);
  return {};
}

Result<void> read_truth(const ordered_json& value, const std::string& place, ChatExample* out) {
  Result<std::string> text = text_or_number(value, place);
  if (!text)
    return text.error();
  out->truth = std::move(text).value();
  return {};
}

/// The question of a row without messages.
Result<void> read_question(const ordered_json& row, const std::string& place, ChatExample* out) {
  for (const char* key : {"question", "input", "prompt"})
    if (has(row, key))
      return read_prompt(row[key], place + ": " + key, out);
  return bad(place, "has no question");
}

Result<void> read_as(ChatLayout layout, const ordered_json& row, const std::string& place,
                     ChatExample* out) {
  if (layout == ChatLayout::kMessages) {
    auto read = read_messages(row["messages"], place + ": messages", out);
    if (read)
      take_demonstration(out);
    return read;
  }
  if (auto read = read_question(row, place, out); !read)
    return read;
  switch (layout) {
    case ChatLayout::kCompletion:
      return read_completion(row["completion"], place + ": completion", out);
    case ChatLayout::kAnswer:
      return read_completion(row["answer"], place + ": answer", out);
    case ChatLayout::kLabel:
      return read_truth(row["label"], place + ": label", out);
    case ChatLayout::kVerl:
      if (!row["reward_model"].is_object() || !has(row["reward_model"], "ground_truth"))
        return bad(place, "reward_model: has no ground_truth");
      return read_truth(row["reward_model"]["ground_truth"], place + ": reward_model.ground_truth",
                        out);
    case ChatLayout::kMessages:
      break;
  }
  return {};
}

/// The pictures beside the messages take the places of the parts that name none. Rows without parts
/// may have some, too.
Result<void> read_images(const ordered_json& row, const std::string& place, ChatExample* out) {
  const ordered_json own = has(row, "images") ? row["images"] : ordered_json::array();
  if (!own.is_array())
    return bad(place, "images: must be a list");
  std::vector<std::string> pictures;
  for (const ordered_json& image : own) {
    const auto picture = image.is_string()   ? std::optional(image.get<std::string>())
                         : image.is_object() ? picture_of(image)
                                             : std::nullopt;
    if (!picture)
      return bad(place, "images: each must be a path, a URL or {\"path\": ..}");
    pictures.push_back(*picture);
  }
  const auto open = static_cast<size_t>(std::ranges::count(out->images, ""));
  if (out->images.empty() && !pictures.empty()) {
    out->images = pictures;
    place_pictures(pictures.size(), &out->messages);
  } else if (open != pictures.size()) {
    return bad(place, "images: has " + std::to_string(pictures.size()) + " for the " +
                          std::to_string(open) + " parts that name no picture of their own");
  }
  size_t next = 0;
  for (std::string& image : out->images)
    if (image.empty())
      image = pictures[next++];
  return {};
}

Result<void> read_extras(const ordered_json& row, const std::string& place, ChatExample* out) {
  if (has(row, "tools")) {
    if (!row["tools"].is_array())
      return bad(place, "tools: must be a list");
    out->tools = row["tools"];
  }
  if (auto read = read_images(row, place, out); !read)
    return read;
  if (has(row, "id") && (row["id"].is_string() || row["id"].is_number()))
    out->id = row["id"].is_string() ? row["id"].get<std::string>() : row["id"].dump();
  return {};
}

}  // namespace

std::string to_text(ChatLayout layout) {
  return kLayouts[static_cast<size_t>(layout)];
}

std::string ChatExample::question() const {
  const ordered_json& last = messages.back();
  return last.contains("content") ? words_of(last["content"]) : "";
}

ordered_json ChatExample::shown() const {
  ordered_json all = messages;
  all.push_back(answer);
  return all;
}

Result<ChatExample> read_chat_row(const ordered_json& row, const std::string& place,
                                  std::optional<ChatLayout>* layout) {
  if (is_healthbench(row))
    return bad(place,
               "a talk of HealthBench is for evaluation only; take other conversations, and score "
               "answers to it with nelumbo reward score configs/rewards/healthbench.yaml");
  const std::optional<ChatLayout> found = layout_of(row);
  if (!found)
    return bad(place, "has no layout that is known: it has the fields " + fields_of(row) +
                          "; wanted are messages, or prompt and completion, or question and "
                          "answer, or input and label, or prompt and reward_model");
  if (*layout && **layout != *found)
    return bad(place, "is laid out as '" + to_text(*found) + "', earlier rows as '" +
                          to_text(**layout) + "'; give each layout a file of its own");
  *layout = found;
  ChatExample example;
  example.id = std::filesystem::path(place).filename().string();
  example.messages = ordered_json::array();
  if (auto read = read_as(*found, row, place, &example); !read)
    return read.error();
  if (example.messages.empty() || example.messages.back()["role"] == "assistant")
    return bad(place, "the last message before the answer must not be the assistant's");
  if (auto read = read_extras(row, place, &example); !read)
    return read.error();
  for (const auto& [name, value] : row.items())
    if (std::ranges::find(kKnownMembers, name) == kKnownMembers.end())
      example.others[name] = value;
  return example;
}

Result<std::optional<ChatLayout>> for_each_chat_row(
    const std::string& path, const std::function<Result<void>(Result<ChatExample>)>& use) {
  if (path.ends_with(".parquet"))
    return bad(path, "is Parquet; turn it into JSON Lines: scripts/parquet_to_jsonl.sh " + path);
  std::optional<ChatLayout> layout;
  std::unordered_set<std::string> ids;
  const auto read_row = [&](std::string_view line, const Place& at) -> Result<ChatExample> {
    const Result<ordered_json> row = parse_ordered_json(line, at.text());
    if (!row || !row.value().is_object())
      return row ? bad(at.text(), "no JSON object; write one object a line") : row.error();
    Result<ChatExample> example = read_chat_row(row.value(), at.text(), &layout);
    if (example)
      for (std::string& image : example.value().images)
        image = from_folder_of(path, image);
    if (example && !ids.insert(example.value().id).second)
      return bad(at.text(), "the id '" + example.value().id + "' stands there twice");
    return example;
  };
  const auto read = for_each_line(
      path, [&](std::string_view line, const Place& at) { return use(read_row(line, at)); },
      kLongestRow);
  if (!read)
    return read.error();
  return layout;
}

Result<ChatFile> read_chat_file(const std::string& path) {
  ChatFile file;
  Complaints complaints;
  const auto layout = for_each_chat_row(path, [&](Result<ChatExample> example) -> Result<void> {
    if (complaints.accept(example))
      file.examples.push_back(std::move(example).value());
    return {};
  });
  complaints.accept(layout);
  if (!complaints.empty())
    return complaints.error();
  if (file.examples.empty())
    return bad(path, "has no rows");
  file.layout = *layout.value();
  return file;
}

ordered_json with_system(const ordered_json& messages, const std::string& system) {
  if (is_blank(system) || messages[0]["role"] == "system")
    return messages;
  ordered_json all = ordered_json::array({{{"role", "system"}, {"content", system}}});
  for (const ordered_json& message : messages)
    all.push_back(message);
  return all;
}

}  // namespace nelumbo

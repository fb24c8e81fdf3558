// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_messages.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "corpus/chat_content.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kToolCallEnd = "</tool_call>";
constexpr size_t kMostMessages = 4096;
constexpr size_t kMostTools = 128;

/// A part of a message as chat templates take it.
Json part_of(const Json& part, const std::string& place, ApiFields& fields,
             std::vector<std::string>* images) {
  const Json type = part.is_object() ? part.value("type", Json()) : Json();
  if (type == "text" && part.contains("text") && part["text"].is_string())
    return {{"type", "text"}, {"text", part["text"]}};
  if (type != "image_url") {
    fields.fail(place, R"(must be {"type": "text", "text": ..} or {"type": "image_url", ..})");
    return nullptr;
  }
  const std::optional<std::string> url = picture_of(part);
  if (!url || !url->starts_with("data:")) {
    fields.fail(place,
                "image_url.url must be a data URL, \"data:image/png;base64,..\"; "
                "pictures are not fetched");
    return nullptr;
  }
  images->push_back(*url);
  return {{"type", "image"}};
}

Json content_of(const Json& content, const std::string& place, ApiFields& fields,
                std::vector<std::string>* images) {
  if (content.is_string())
    return content;
  Json parts = Json::array();
  if (!content.is_array() || content.empty())
    fields.fail(place, "must be a text or a list of parts");
  for (size_t i = 0; content.is_array() && i < content.size() && !fields.error(); ++i)
    parts.push_back(part_of(content[i], place + "[" + std::to_string(i) + "]", fields, images));
  return parts;
}

/// Templates write the arguments of a call as an object; clients send them as text.
Json call_of(const Json& call, const std::string& place, ApiFields& fields) {
  const Json& function = call.is_object() && call.contains("function") ? call["function"] : call;
  if (!function.is_object() || !function.contains("name") || !function["name"].is_string()) {
    fields.fail(place,
                R"(must be {"type": "function", "function": {"name": .., "arguments": ..}})");
    return nullptr;
  }
  Json arguments = function.value("arguments", Json::object());
  if (arguments.is_string()) {
    const auto read = parse_ordered_json(arguments.get<std::string>(), place);
    arguments = read ? read.value() : Json();
  }
  if (!arguments.is_object())
    fields.fail(place, "function.arguments must be the text of a JSON object");
  Json out = {{"type", "function"},
              {"function", {{"name", function["name"]}, {"arguments", arguments}}}};
  if (call.contains("id") && call["id"].is_string())
    out["id"] = call["id"];
  return out;
}

Json message_of(const Json& message, const std::string& place, ApiFields& all,
                std::vector<std::string>* images) {
  ApiFields fields(message, place + ".");
  static constexpr std::array<std::string_view, 5> kRoles = {"system", "developer", "user",
                                                             "assistant", "tool"};
  const std::string role = fields.text("role", "");
  if (std::ranges::find(kRoles, role) == kRoles.end())
    fields.fail("role", "must be system, developer, user, assistant or tool");
  Json out = {{"role", role == "developer" ? "system" : role}};
  const Json* content = fields.find("content");
  const Json* calls = fields.find("tool_calls");
  if (content != nullptr)
    out["content"] = content_of(*content, "content", fields, images);
  else if (role == "assistant" && calls != nullptr)
    out["content"] = "";
  else
    fields.fail("content", "is missing");
  if (calls != nullptr) {
    out["tool_calls"] = Json::array();
    if (role != "assistant" || !calls->is_array())
      fields.fail("tool_calls", "must be a list, in what the assistant said");
    for (size_t i = 0; calls->is_array() && i < calls->size() && !fields.error(); ++i)
      out["tool_calls"].push_back(
          call_of((*calls)[i], "tool_calls[" + std::to_string(i) + "]", fields));
  }
  for (const char* name : {"name", "tool_call_id"})
    if (const std::string text = fields.text(name, ""); !text.empty())
      out[name] = text;
  fields.ignore({"refusal", "annotations"});
  fields.refuse_others();
  if (fields.error())
    all.fail(*fields.error());
  return out;
}

Json read_tools(ApiFields& fields) {
  const Json* tools = fields.find("tools");
  const Json* choice = fields.find("tool_choice");
  if (choice != nullptr && *choice != "auto" && *choice != "none")
    fields.fail({.message = "tool_choice: must be \"auto\" or \"none\"; this server cannot make a "
                            "model call a tool",
                 .param = "tool_choice",
                 .code = "unsupported_parameter"});
  if (tools == nullptr || (choice != nullptr && *choice == "none"))
    return nullptr;
  const auto is_tool = [](const Json& tool) {
    return tool.is_object() && tool.value("type", Json()) == "function" &&
           tool.contains("function") && tool["function"].is_object() &&
           tool["function"].value("name", Json()).is_string();
  };
  if (!tools->is_array() || tools->size() > kMostTools || !std::ranges::all_of(*tools, is_tool)) {
    fields.fail("tools", R"(must be a list of {"type": "function", "function": {"name": ..}})");
    return nullptr;
  }
  return tools->empty() ? Json() : *tools;
}

std::optional<ApiToolCall> call_in(std::string_view text) {
  const auto read = parse_ordered_json(text, "a call");
  if (!read || !read.value().is_object())
    return std::nullopt;
  const Json& call = read.value();
  const auto name = call.find("name");
  if (name == call.end() || !name->is_string())
    return std::nullopt;
  const Json arguments = call.value("arguments", Json::object());
  if (!arguments.is_object())
    return std::nullopt;
  return ApiToolCall{name->get<std::string>(), arguments.dump()};
}

}  // namespace

ApiMessages read_messages(ApiFields& fields) {
  ApiMessages out;
  out.tools = read_tools(fields);
  const Json* messages = fields.find("messages");
  if (messages == nullptr || !messages->is_array() || messages->empty() ||
      messages->size() > kMostMessages) {
    fields.fail("messages", "must be a list of messages");
    return out;
  }
  for (size_t i = 0; i < messages->size() && !fields.error(); ++i)
    out.messages.push_back(
        message_of((*messages)[i], "messages[" + std::to_string(i) + "]", fields, &out.images));
  return out;
}

ApiToolAnswer take_tool_calls(const std::string& answer) {
  ApiToolAnswer out;
  std::string_view rest = answer;
  while (true) {
    const size_t begin = rest.find(kToolCallBegin);
    if (begin == std::string_view::npos)
      break;
    out.text += rest.substr(0, begin);
    std::string_view inside = rest.substr(begin + std::string_view(kToolCallBegin).size());
    const bool ends = inside.find(kToolCallEnd) != std::string_view::npos;
    const std::string_view whole = rest.substr(begin);
    const std::string_view body = take_until(kToolCallEnd, &inside);
    const auto call = ends ? call_in(trimmed(body)) : std::nullopt;
    if (call)
      out.calls.push_back(*call);
    else
      out.text += whole.substr(0, whole.size() - inside.size());
    rest = inside;
  }
  out.text += rest;
  if (!out.calls.empty())
    out.text = std::string(trimmed(out.text));
  return out;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/chat_directory.h"

#include <cctype>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr const char* kDefault = "default";
constexpr const char* kToolUse = "tool_use";
constexpr int64_t kLongestTemplate = int64_t{1} << 20;
constexpr int64_t kLongestConfig = int64_t{64} << 20;

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

Result<ordered_json> parse_config(std::string_view text, const std::string& place) {
  Result<ordered_json> config = parse_ordered_json(text, place);
  if (config && !config.value().is_object())
    return bad(place, "must be an object");
  return config;
}

/// Null where there is no such file.
Result<ordered_json> read_config(const std::string& path) {
  if (!exists(path))
    return ordered_json();
  const Result<std::string> text = read_file(path, kLongestConfig);
  return text ? parse_config(text.value(), path) : text.error();
}

/// A token is a text, or an object with its `content`.
void add_token(const std::string& name, const ordered_json& token, ordered_json& variables) {
  if (token.is_string())
    variables[name] = token;
  else if (token.is_object() && token.contains("content") && token["content"].is_string())
    variables[name] = token["content"];
}

ordered_json special_tokens(const ordered_json& config) {
  ordered_json variables = ordered_json::object();
  for (const char* name :
       {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"})
    if (config.contains(name))
      add_token(name, config[name], variables);
  if (config.contains("extra_special_tokens") && config["extra_special_tokens"].is_object())
    for (const auto& [name, token] : config["extra_special_tokens"].items())
      add_token(name, token, variables);
  return variables;
}

Result<void> add_named(const ordered_json& named, const std::string& place, ChatDirectory& to) {
  bool has_default = false;
  for (const ordered_json& one : named) {
    const bool sound = one.is_object() && one.contains("name") && one["name"].is_string() &&
                       one.contains("template") && one["template"].is_string();
    if (!sound)
      return bad(place, "each must have a name and a template");
    const std::string name = one["name"].get<std::string>();
    if (name != kDefault && name != kToolUse)
      continue;
    Result<ChatTemplate> parsed = ChatTemplate::parse(one["template"].get<std::string>(),
                                                      std::string(place).append(" ").append(name));
    if (!parsed)
      return parsed.error();
    has_default = has_default || name == kDefault;
    if (name == kDefault)
      to.chat = std::move(parsed).value();
    else
      to.tool_use = std::move(parsed).value();
  }
  return has_default ? Result<void>() : bad(place, "none of them is called 'default'");
}

Result<void> add_templates(const ordered_json& config, const std::string& path, ChatDirectory& to) {
  const std::string place = path + ": chat_template";
  if (!config.contains("chat_template"))
    return bad(path, "has no chat_template, and there is no chat_template.jinja beside it");
  const ordered_json& source = config["chat_template"];
  if (source.is_array())
    return add_named(source, place, to);
  if (!source.is_string())
    return bad(place, "must be a text or a list of named ones");
  Result<ChatTemplate> parsed = ChatTemplate::parse(source.get<std::string>(), place);
  if (!parsed)
    return parsed.error();
  to.chat = std::move(parsed).value();
  return {};
}

bool names_word(const std::string& source, const std::string& word) {
  const auto in_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  if (source.find("'" + word + "'") != std::string::npos ||
      source.find("\"" + word + "\"") != std::string::npos)
    return true;
  const std::string attribute = "." + word;
  for (size_t at = source.find(attribute); at != std::string::npos;
       at = source.find(attribute, at + 1))
    if (at + attribute.size() == source.size() || !in_word(source[at + attribute.size()]))
      return true;
  return false;
}

}  // namespace

Result<std::string> ChatDirectory::render(ChatInput input) const {
  for (const auto& [name, value] : variables.items())
    if (!input.variables.contains(name))
      input.variables[name] = value;
  const bool uses_tools = tool_use && !input.tools.is_null();
  return (uses_tools ? *tool_use : chat).render(input);
}

bool ChatDirectory::names(const std::string& word) const {
  return names_word(chat.source(), word) || (tool_use && names_word(tool_use->source(), word));
}

Result<ChatTemplate> read_chat_template(const std::string& path) {
  const Result<std::string> source = read_file(path, kLongestTemplate);
  return source ? ChatTemplate::parse(source.value(), path) : source.error();
}

Result<bool> has_chat_template(const std::string& folder) {
  if (exists(folder + "/chat_template.jinja") || exists(folder + "/chat_template.json"))
    return true;
  const Result<ordered_json> config = read_config(folder + "/tokenizer_config.json");
  if (!config)
    return config.error();
  return config.value().contains("chat_template");
}

Result<ChatDirectory> parse_chat_config(std::string_view config, const std::string& place) {
  const Result<ordered_json> parsed = parse_config(config, place);
  if (!parsed)
    return parsed.error();
  ChatDirectory directory{
      .chat = {}, .tool_use = std::nullopt, .variables = special_tokens(parsed.value())};
  if (const auto added = add_templates(parsed.value(), place, directory); !added)
    return added.error();
  return directory;
}

Result<ChatDirectory> read_chat_directory(const std::string& folder) {
  const std::string path = folder + "/tokenizer_config.json";
  const Result<ordered_json> config = read_config(path);
  if (!config)
    return config.error();
  ChatDirectory directory{
      .chat = {}, .tool_use = std::nullopt, .variables = special_tokens(config.value())};
  if (const std::string own = folder + "/chat_template.jinja"; exists(own)) {
    Result<ChatTemplate> read = read_chat_template(own);
    if (!read)
      return read.error();
    directory.chat = std::move(read).value();
    return directory;
  }
  if (const std::string own = folder + "/chat_template.json"; exists(own)) {
    const Result<ordered_json> document = read_config(own);
    if (!document)
      return document.error();
    if (const auto added = add_templates(document.value(), own, directory); !added)
      return added.error();
    return directory;
  }
  if (const auto added = add_templates(config.value(), path, directory); !added)
    return added.error();
  return directory;
}

}  // namespace nelumbo

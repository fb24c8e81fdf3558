// SPDX-License-Identifier: Apache-2.0
#include "model/chat_controls.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

namespace nelumbo {

using nlohmann::ordered_json;

namespace {

/// Two of the characters that Unicode keeps for such use, U+FDD0 to U+FDEF, that the text lacks.
std::optional<std::pair<std::string, std::string>> unused_marks(const std::string& text) {
  std::vector<std::string> unused;
  for (char last = '\x90'; last <= '\xAF' && unused.size() < 2; ++last) {
    std::string mark = std::string("\xEF\xB7") + last;
    if (text.find(mark) == std::string::npos)
      unused.push_back(std::move(mark));
  }
  if (unused.size() < 2)
    return std::nullopt;
  return std::pair{unused[0], unused[1]};
}

/// Changes every text and key in a value.
template <class Change>
void change_all(const Change& change, ordered_json* value) {
  if (value->is_string()) {
    *value = change(value->get<std::string>());
  } else if (value->is_array()) {
    for (ordered_json& one : *value)
      change_all(change, &one);
  } else if (value->is_object()) {
    ordered_json changed = ordered_json::object();
    for (auto& [key, one] : value->items()) {
      change_all(change, &one);
      changed[change(key)] = std::move(one);
    }
    *value = std::move(changed);
  }
}

/// The same of messages, but for what templates compare with words of their own: roles, and the
/// types of parts.
template <class Change>
void change_messages(const Change& change, ordered_json* messages) {
  for (ordered_json& message : *messages) {
    const ordered_json before = message;
    change_all(change, &message);
    if (before.contains("role"))
      message["role"] = before["role"];
    if (!before.contains("content") || !before["content"].is_array())
      continue;
    for (size_t i = 0; i < before["content"].size(); ++i)
      if (before["content"][i].is_object() && before["content"][i].contains("type"))
        message["content"][i]["type"] = before["content"][i]["type"];
  }
}

/// The character that stands first in a text. REQUIRES: there is one.
std::string_view first_character(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    ++size;
  return text.substr(0, size);
}

}  // namespace

ChatControls::ChatControls(const Tokenizer& tokenizer) {
  for (int32_t id = 0; id < tokenizer.size(); ++id) {
    const std::string& piece = tokenizer.piece(id);
    if (!tokenizer.is_special(id))
      continue;
    ids_.push_back(id);
    if (piece.empty())
      continue;
    words_.push_back(piece);
    beginnings_.emplace(first_character(piece));
  }
  finder_ = KeywordFinder(words_);
}

std::vector<int32_t> ChatControls::among(std::vector<int32_t> tokens) const {
  std::erase_if(tokens, [&](int32_t token) { return !std::ranges::binary_search(ids_, token); });
  return tokens;
}

Result<ChatMarked> ChatControls::marked(const ChatSaid& said) const {
  const auto dumped = [](const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  };
  const auto marks = unused_marks(dumped(said.messages) + dumped(said.tools));
  if (!marks)
    return Error{Errc::kBadData,
                 "the messages have all of the characters U+FDD0 to U+FDEF, two of which keep the "
                 "control tokens that they spell apart; take some out"};
  ChatMarked out{said, marks->first, marks->second};
  const auto mark = [&](const std::string& text) {
    std::string all;
    size_t done = 0;
    for (const KeywordFinder::Hit& hit : finder_.longest_from_each_place(text)) {
      const auto at = static_cast<size_t>(hit.at);
      if (at < done)
        continue;
      const std::string& word = words_[static_cast<size_t>(hit.keyword)];
      all.append(text, done, at - done).append(out.begin).append(word).append(out.end);
      done = at + word.size();
    }
    return all.append(text, done);
  };
  change_messages(mark, &out.said.messages);
  change_all(mark, &out.said.tools);
  return out;
}

/// An "x" stands for each character that begins a control token. Letters and digits stay: templates
/// compare with words of their own.
std::string ChatControls::without_beginnings(const std::string& text) const {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view character = first_character(rest);
    const bool begins = std::isalnum(static_cast<unsigned char>(rest.front())) == 0 &&
                        beginnings_.contains(character);
    out += begins ? "x" : character;
    rest.remove_prefix(character.size());
  }
  return out;
}

ChatSaid ChatControls::plain(ChatSaid said) const {
  const auto change = [&](const std::string& text) { return without_beginnings(text); };
  change_messages(change, &said.messages);
  change_all(change, &said.tools);
  return said;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/chat_controls.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"

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
void change_all(const Change& change, ChatSpeaker speaker, ordered_json* value) {
  if (value->is_string()) {
    *value = change(value->get<std::string>(), speaker);
  } else if (value->is_array()) {
    for (ordered_json& one : *value)
      change_all(change, speaker, &one);
  } else if (value->is_object()) {
    ordered_json changed = ordered_json::object();
    for (auto& [key, one] : value->items()) {
      change_all(change, speaker, &one);
      changed[change(key, speaker)] = std::move(one);
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
    const bool answers = before.contains("role") && before["role"] == "assistant";
    change_all(change, answers ? ChatSpeaker::kAssistant : ChatSpeaker::kOther, &message);
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

/// Whether an added token that is not special looks like a control token: many are runs of white
/// space or words, which are nothing but text. The tokenizer makes it of its characters only where
/// it looks for added tokens.
bool looks_like_control(const Tokenizer& tokenizer, int32_t id) {
  const std::string& piece = tokenizer.piece(id);
  if (piece.size() < 3 || std::ispunct(static_cast<unsigned char>(piece.front())) == 0 ||
      std::ispunct(static_cast<unsigned char>(piece.back())) == 0)
    return false;
  const auto makes = [&](Tokenizer::Control control) {
    const std::vector<int32_t> tokens = tokenizer.encode(piece, control);
    return std::ranges::find(tokens, id) != tokens.end();
  };
  return makes(Tokenizer::Control::kRecognised) && !makes(Tokenizer::Control::kPlain);
}

}  // namespace

ChatControls::ChatControls(const Tokenizer& tokenizer) {
  for (int32_t id = 0; id < tokenizer.size(); ++id) {
    const std::string& piece = tokenizer.piece(id);
    const bool special = tokenizer.is_special(id);
    if (!special && !looks_like_control(tokenizer, id))
      continue;
    ids_.push_back(id);
    if (piece.empty())
      continue;
    words_.push_back(piece);
    is_own_.push_back(special ? 0 : 1);
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
  const auto mark = [&](const std::string& text, ChatSpeaker speaker) {
    std::string all;
    size_t done = 0;
    for (const Spelled& word : spelled_in(text, speaker)) {
      if (word.kept)
        continue;
      all.append(text, done, word.at - done).append(out.begin);
      all.append(text, word.at, word.size).append(out.end);
      done = word.at + word.size;
    }
    return all.append(text, done);
  };
  change_messages(mark, &out.said.messages);
  change_all(mark, ChatSpeaker::kOther, &out.said.tools);
  return out;
}

/// As tokenizers find them: the leftmost first, the longest of those that begin there.
std::vector<ChatControls::Spelled> ChatControls::spelled_in(const std::string& text,
                                                            ChatSpeaker speaker) const {
  std::vector<Spelled> all;
  size_t done = 0;
  for (const KeywordFinder::Hit& hit : finder_.longest_from_each_place(text)) {
    const auto at = static_cast<size_t>(hit.at), word = static_cast<size_t>(hit.keyword);
    if (at < done)
      continue;
    const bool kept = speaker == ChatSpeaker::kAssistant && is_own_[word] != 0;
    all.push_back({at, words_[word].size(), kept});
    done = at + words_[word].size();
  }
  return all;
}

/// An "x" stands for each character that begins a control token. Letters and digits stay: templates
/// compare with words of their own.
std::string ChatControls::without_beginnings(const std::string& text, ChatSpeaker speaker) const {
  std::string out;
  const auto replace = [&](std::string_view rest) {
    while (!rest.empty()) {
      const std::string_view character = first_character(rest);
      const bool begins = std::isalnum(static_cast<unsigned char>(rest.front())) == 0 &&
                          beginnings_.contains(character);
      out += begins ? "x" : character;
      rest.remove_prefix(character.size());
    }
  };
  size_t done = 0;
  for (const Spelled& word : spelled_in(text, speaker)) {
    if (!word.kept)
      continue;
    replace(std::string_view(text).substr(done, word.at - done));
    out.append(text, word.at, word.size);
    done = word.at + word.size;
  }
  replace(std::string_view(text).substr(done));
  return out;
}

ChatSaid ChatControls::plain(ChatSaid said,
                             const std::function<bool(const std::string&)>& is_word) const {
  const auto change = [&](const std::string& text, ChatSpeaker speaker) {
    const std::string plain = without_beginnings(text, speaker);
    const bool stays = speaker == ChatSpeaker::kAssistant || trimmed(text).empty() || is_word(text);
    return stays ? plain : "x" + plain + "x";
  };
  change_messages(change, &said.messages);
  change_all(change, ChatSpeaker::kOther, &said.tools);
  return said;
}

}  // namespace nelumbo

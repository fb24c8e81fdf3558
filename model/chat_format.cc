// SPDX-License-Identifier: Apache-2.0
#include "model/chat_format.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace nelumbo {

using nlohmann::ordered_json;

// The text of a message must not turn into control tokens, and the template sees the text before it
// is cut into tokens. So each control token that a text spells is put between two marks, which no
// template knows, and what stands between them in the prompt is encoded as plain characters.

/// Messages with the control tokens that they spell between marks.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ChatFormat::Marked {
  std::string begin, end;
  ordered_json messages;
};

namespace {

/// Two of the characters that Unicode keeps for such use, U+FDD0 to U+FDEF, that the text lacks.
std::pair<std::string, std::string> unused_marks(const std::string& text) {
  std::vector<std::string> unused;
  for (char last = '\x90'; last <= '\xAF' && unused.size() < 2; ++last) {
    std::string mark = std::string("\xEF\xB7") + last;
    if (text.find(mark) == std::string::npos)
      unused.push_back(std::move(mark));
  }
  unused.resize(2, "\xEF\xBF\xBE");  // U+FFFE
  return {unused[0], unused[1]};
}

void add(const std::vector<int32_t>& more, std::vector<int32_t>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

/// Every text of a message but those that templates compare with words of their own.
template <class Change>
void change_texts(const Change& change, ordered_json* value) {
  if (value->is_string())
    *value = change(value->get<std::string>());
  else if (value->is_array())
    for (ordered_json& one : *value)
      change_texts(change, &one);
  else if (value->is_object())
    for (const auto& [key, one] : value->items())
      if (key != "role" && key != "type")
        change_texts(change, &one);
}

bool is_answer(const ordered_json& message) {
  return message.is_object() && message.value("role", "") == "assistant";
}

ordered_json first(const ordered_json& messages, size_t count) {
  ordered_json some = ordered_json::array();
  for (size_t i = 0; i < count; ++i)
    some.push_back(messages[i]);
  return some;
}

}  // namespace

ChatFormat::ChatFormat(ChatDirectory chat, std::shared_ptr<const Tokenizer> tokenizer,
                       std::vector<int32_t> ends)
    : chat_(std::move(chat)), tokenizer_(std::move(tokenizer)), ends_(std::move(ends)) {
  for (int32_t id = 0; id < tokenizer_->size(); ++id)
    if (tokenizer_->is_special(id) && !tokenizer_->piece(id).empty())
      controls_.push_back(tokenizer_->piece(id));
}

ChatFormat::Marked ChatFormat::marked(const ordered_json& messages) const {
  const auto [begin, end] =
      unused_marks(messages.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  Marked out{begin, end, messages};
  const auto mark = [&](std::string text) {
    for (const std::string& control : controls_) {
      const std::string whole = out.begin + control + out.end;
      for (size_t at = text.find(control); at != std::string::npos;
           at = text.find(control, at + whole.size()))
        text.replace(at, control.size(), whole);
    }
    return text;
  };
  change_texts(mark, &out.messages);
  return out;
}

Result<std::string> ChatFormat::render(const ordered_json& messages, const ordered_json& tools,
                                       bool asks) const {
  ChatInput input;
  input.messages = messages;
  input.tools = tools;
  input.add_generation_prompt = asks;
  return chat_.render(std::move(input));
}

/// Of a rendered text; only what the template itself wrote can hold control tokens and the marks of
/// images.
Result<std::vector<int32_t>> ChatFormat::tokens_of(std::string_view text, const Marked& marked,
                                                   const ShownImages& shown) const {
  std::vector<int32_t> tokens;
  std::span<const SeenImage> left = shown.images;
  while (!text.empty()) {
    std::string part(take_until(marked.begin, &text));
    if (!shown.images.empty()) {
      const auto here = static_cast<size_t>(marks_in(part, shown.mark));
      const auto some = left.first(std::min(here, left.size()));
      Result<std::string> expanded = with_placeholders(part, shown.mark, some);
      if (!expanded)
        return expanded.error();
      part = std::move(expanded).value();
      left = left.subspan(some.size());
    }
    add(tokenizer_->encode(part, Tokenizer::Control::kRecognised), &tokens);
    add(tokenizer_->encode(take_until(marked.end, &text), Tokenizer::Control::kPlain), &tokens);
  }
  if (!left.empty())
    return Error{Errc::kBadData, "the chat template leaves out " + std::to_string(left.size()) +
                                     " of " + std::to_string(shown.images.size()) + " images"};
  return tokens;
}

Result<std::vector<int32_t>> ChatFormat::prompt(const ordered_json& messages,
                                                const ordered_json& tools,
                                                const ShownImages& shown) const {
  const Marked safe = marked(messages);
  const Result<std::string> text = render(safe.messages, tools, true);
  if (!text)
    return text.error();
  return tokens_of(text.value(), safe, shown);
}

/// What templates write behind the end of an answer is not the assistant's.
Result<void> ChatFormat::append(std::string_view text, const Marked& marked, bool answer,
                                ChatTokens* out) const {
  const Result<std::vector<int32_t>> tokens = tokens_of(text, marked, {});
  if (!tokens)
    return tokens.error();
  bool ended = !answer;
  for (const int32_t token : tokens.value()) {
    out->tokens.push_back(token);
    out->answered.push_back(ended ? 0 : 1);
    ended = ended || std::ranges::find(ends_, token) != ends_.end();
  }
  return {};
}

Result<ChatTokens> ChatFormat::conversation(const ordered_json& messages,
                                            const ordered_json& tools) const {
  const Marked safe = marked(messages);
  ChatTokens out;
  std::string written;
  for (size_t i = 0; i < safe.messages.size(); ++i) {
    if (!is_answer(safe.messages[i]))
      continue;
    for (const bool asks : {true, false}) {
      const Result<std::string> text = render(first(safe.messages, asks ? i : i + 1), tools, asks);
      if (!text)
        return text.error();
      if (!text.value().starts_with(written))
        return Error{Errc::kCheckFailed,
                     "the chat template writes what comes before message " + std::to_string(i) +
                         " in another way once the message is there; give it as an example of its "
                         "own, without the answers before it"};
      const auto fresh = std::string_view(text.value()).substr(written.size());
      if (auto done = append(fresh, safe, !asks, &out); !done)
        return done.error();
      written = text.value();
    }
  }
  return out;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/chat_format.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace nelumbo {

using nlohmann::ordered_json;

// The text of a message must not turn into control tokens, and the template sees the text before it
// is cut into tokens. So each control token that a text spells is put between two marks, which no
// template knows, and what stands between them in the prompt is encoded as plain characters.

//
// That fails where the template joins texts so that they spell a control token together, or writes
// them in another way. So the control tokens of the prompt are counted against those of a prompt
// whose messages hold nothing that could begin one; another number is an error.

/// Messages and tools with the control tokens that they spell between marks.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct ChatFormat::Marked {
  std::string begin, end;
  ordered_json messages, tools;
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

/// The text with an "x" for each character that begins one of the words. Letters and digits stay:
/// templates compare with words of their own.
std::string without_beginnings(const std::string& text, const std::vector<std::string>& words) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t size = 1;
    while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80)
      ++size;
    const std::string_view character = std::string_view(text).substr(at, size);
    const bool begins = std::isalnum(static_cast<unsigned char>(text[at])) == 0 &&
                        std::ranges::any_of(words, [&](const std::string& word) {
                          return word.starts_with(character);
                        });
    out += begins ? "x" : character;
    at += size;
  }
  return out;
}

constexpr const char* kProbe = "8412077";  // what no template says by itself

ordered_json parts_of(const std::string& text) {
  return ordered_json::array({{{"type", "text"}, {"text", text}}});
}

/// The text of a list of parts that are all texts.
std::optional<std::string> joined_parts(const ordered_json& content) {
  std::string all;
  for (const ordered_json& part : content) {
    if (!part.is_object() || part.value("type", "") != "text" || !part.contains("text"))
      return std::nullopt;
    all += part["text"].get<std::string>();
  }
  return all;
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
  std::ranges::stable_sort(controls_, std::ranges::greater(), &std::string::size);
  const bool texts = shows(kProbe), parts = shows(parts_of(kProbe));
  if (texts || parts) {  // else there is nothing to be learnt from this
    reads_texts_ = texts;
    reads_parts_ = parts;
  }
}

/// Whether the template shows content of that form, and shows it once and as text.
bool ChatFormat::shows(const ordered_json& content) const {
  const ordered_json message = {{"role", "user"}, {"content", content}};
  const Result<std::string> text = render(ordered_json::array({message}), nullptr, true);
  return text && text.value().find(kProbe) != std::string::npos &&
         text.value().find("{'type'") == std::string::npos &&
         text.value().find("{\"type\"") == std::string::npos;
}

Result<ordered_json> ChatFormat::in_form(ordered_json messages) const {
  for (ordered_json& message : messages) {
    if (!message.is_object() || !message.contains("content"))
      continue;
    ordered_json& content = message["content"];
    if (content.is_string() && !reads_texts_)
      content = parts_of(content.get<std::string>());
    if (!content.is_array() || reads_parts_)
      continue;
    const std::optional<std::string> text = joined_parts(content);
    if (!text)
      return Error{Errc::kBadData,
                   "the chat template shows texts alone, and a message has parts "
                   "of another kind"};
    content = *text;
  }
  return messages;
}

std::vector<int32_t> ChatFormat::controls_in(std::string_view text) const {
  std::vector<int32_t> tokens = tokenizer_->encode(text, Tokenizer::Control::kRecognised);
  std::erase_if(tokens, [&](int32_t token) { return !tokenizer_->is_special(token); });
  return tokens;
}

Result<void> ChatFormat::check_controls(const ordered_json& messages, const ordered_json& tools,
                                        bool asks, const std::vector<int32_t>& tokens) const {
  const auto change = [&](const std::string& text) { return without_beginnings(text, controls_); };
  ordered_json plain = messages, plain_tools = tools;
  change_messages(change, &plain);
  change_all(change, &plain_tools);
  const Result<std::string> text = render(plain, plain_tools, asks);
  if (!text)
    return text.error();
  std::vector<int32_t> found = tokens;
  std::erase_if(found, [&](int32_t token) { return !tokenizer_->is_special(token); });
  if (found == controls_in(text.value()))
    return {};
  return Error{Errc::kBadData,
               "a message or a tool spells a control token of the model in a way that the chat "
               "template cannot keep apart from its own; take it out"};
}

ChatFormat::Marked ChatFormat::marked(const ordered_json& messages,
                                      const ordered_json& tools) const {
  const auto dumped = [](const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  };
  const auto [begin, end] = unused_marks(dumped(messages) + dumped(tools));
  Marked out{begin, end, messages, tools};
  const auto mark = [&](const std::string& text) {
    std::string all;
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto control = std::ranges::find_if(
          controls_, [&](const std::string& word) { return rest.starts_with(word); });
      const size_t size = control == controls_.end() ? 1 : control->size();
      const std::string piece(rest.substr(0, size));
      all += control == controls_.end() ? piece : out.begin + piece + out.end;
      rest.remove_prefix(size);
    }
    return all;
  };
  change_messages(mark, &out.messages);
  change_all(mark, &out.tools);
  return out;
}

Result<std::string> ChatFormat::render(const ordered_json& messages, const ordered_json& tools,
                                       bool asks) const {
  ChatInput input;
  input.messages = messages;
  input.tools = tools;
  input.add_generation_prompt = asks;
  Result<std::string> text = chat_.render(std::move(input));
  if (!text && text.error().code == Errc::kCheckFailed)
    return Error{Errc::kCheckFailed, "the chat template refuses it: " + text.error().message};
  return text;
}

/// Images whose marks are still to come.
struct ChatFormat::Unseen {
  const ShownImages& shown;
  std::span<const SeenImage> images = shown.images;

  /// The text with what stands for an image in the place of each mark.
  Result<std::string> take(std::string text) {
    if (shown.images.empty())
      return text;
    const auto here = static_cast<size_t>(occurrences(shown.mark, text));
    const auto some = images.first(std::min(here, images.size()));
    images = images.subspan(some.size());
    return with_placeholders(text, shown.mark, some);
  }

  Result<void> check_none() const {
    if (images.empty())
      return {};
    return Error{Errc::kBadData, "the chat template leaves out " + std::to_string(images.size()) +
                                     " of " + std::to_string(shown.images.size()) + " images"};
  }
};

/// Of a rendered text; only what the template itself wrote can hold control tokens and the marks of
/// images.
Result<std::vector<int32_t>> ChatFormat::tokens_of(std::string_view text, const Marked& marked,
                                                   Unseen* unseen) const {
  std::vector<int32_t> tokens;
  while (!text.empty()) {
    const Result<std::string> part = unseen->take(std::string(take_until(marked.begin, &text)));
    if (!part)
      return part.error();
    add(tokenizer_->encode(part.value(), Tokenizer::Control::kRecognised), &tokens);
    add(tokenizer_->encode(take_until(marked.end, &text), Tokenizer::Control::kPlain), &tokens);
  }
  return tokens;
}

Result<std::vector<int32_t>> ChatFormat::prompt(const ordered_json& messages,
                                                const ordered_json& tools,
                                                const ShownImages& shown) const {
  const Result<ordered_json> formed = in_form(messages);
  if (!formed)
    return formed.error();
  const Marked safe = marked(formed.value(), tools);
  const Result<std::string> text = render(safe.messages, safe.tools, true);
  if (!text)
    return text.error();
  Unseen unseen{shown};
  Result<std::vector<int32_t>> tokens = tokens_of(text.value(), safe, &unseen);
  if (!tokens)
    return tokens;
  if (auto all = unseen.check_none(); !all)
    return all.error();
  if (!shown.images.empty())  // whose placeholders are control tokens, too
    return tokens;
  if (auto sound = check_controls(formed.value(), tools, true, tokens.value()); !sound)
    return sound.error();
  return tokens;
}

/// What templates write behind the end of an answer is not the assistant's.
Result<void> ChatFormat::append(std::string_view text, const Marked& marked, bool answer,
                                Unseen* unseen, ChatTokens* out) const {
  const Result<std::vector<int32_t>> tokens = tokens_of(text, marked, unseen);
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

Result<ChatTokens> ChatFormat::conversation(const ordered_json& messages, const ordered_json& tools,
                                            const ShownImages& shown) const {
  const Result<ordered_json> formed = in_form(messages);
  if (!formed)
    return formed.error();
  const Marked safe = marked(formed.value(), tools);
  ChatTokens out;
  Unseen unseen{shown};
  std::string written;
  size_t last = 0;
  for (size_t i = 0; i < safe.messages.size(); ++i) {
    if (!is_answer(safe.messages[i]))
      continue;
    for (const bool asks : {true, false}) {
      last = asks ? i : i + 1;
      const Result<std::string> text = render(first(safe.messages, last), safe.tools, asks);
      if (!text)
        return text.error();
      if (!text.value().starts_with(written))
        return Error{Errc::kCheckFailed,
                     "the chat template writes what comes before message " + std::to_string(i) +
                         " in another way once the message is there; give it as an example of its "
                         "own, without the answers before it"};
      const auto fresh = std::string_view(text.value()).substr(written.size());
      if (auto done = append(fresh, safe, !asks, &unseen, &out); !done)
        return done.error();
      written = text.value();
    }
  }
  if (auto all = unseen.check_none(); !all)
    return all.error();
  if (!shown.images.empty())
    return out;
  if (auto sound = check_controls(first(formed.value(), last), tools, false, out.tokens); !sound)
    return sound.error();
  return out;
}

}  // namespace nelumbo

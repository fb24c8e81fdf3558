// SPDX-License-Identifier: Apache-2.0
//
// The text of a message must not turn into control tokens, and the template sees the text before it
// is cut into tokens. So each control token that a text spells is put between two marks, which no
// template knows, and what stands between them in the prompt is encoded as plain characters.
//
// That fails where the template joins texts so that they spell a control token together, or writes
// them in another way, or puts one together around what a text says ("<" ~ text ~ ">"). So the
// control tokens of the prompt are compared with those of a prompt whose messages hold nothing that
// could begin one or stand in the middle of one; others are an error. Placeholders of images are
// control tokens, too, and stand in both.

#include "model/chat_format.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace nelumbo {

using nlohmann::ordered_json;

namespace {

void add(const std::vector<int32_t>& more, std::vector<int32_t>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
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

size_t pictures_in(const ordered_json& messages) {
  size_t pictures = 0;
  for (const ordered_json& message : messages)
    if (message.contains("content") && message["content"].is_array())
      for (const ordered_json& part : message["content"])
        pictures += part.is_object() && part.value("type", "") == "image" ? 1 : 0;
  return pictures;
}

}  // namespace

ChatFormat::ChatFormat(ChatDirectory chat, std::shared_ptr<const Tokenizer> tokenizer,
                       std::vector<int32_t> ends)
    : chat_(std::move(chat)),
      tokenizer_(std::move(tokenizer)),
      ends_(std::move(ends)),
      controls_(*tokenizer_) {
  const bool texts = shows(kProbe), parts = shows(parts_of(kProbe));
  if (texts || parts) {  // else there is nothing to be learnt from this
    reads_texts_ = texts;
    reads_parts_ = parts;
  }
}

/// Whether the template shows content of that form, and shows it once and as text.
bool ChatFormat::shows(const ordered_json& content) const {
  const ordered_json message = {{"role", "user"}, {"content", content}};
  const Result<std::string> text = render({ordered_json::array({message}), nullptr}, true);
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

Result<std::string> ChatFormat::render(const ChatSaid& said, bool asks) const {
  ChatInput input;
  input.messages = said.messages;
  input.tools = said.tools;
  input.add_generation_prompt = asks;
  Result<std::string> text = chat_.render(std::move(input));
  if (!text && text.error().code == Errc::kCheckFailed)
    return Error{Errc::kCheckFailed, "the chat template refuses it: " + text.error().message};
  return text;
}

/// The images of a conversation, as far as their marks were met.
struct ChatFormat::Unseen {
  explicit Unseen(const ShownImages& all) : shown(all), images(all.images.size()) {}

  const ShownImages& shown;
  size_t images;     ///< that are to be met
  size_t marks = 0;  ///< that were

  /// The text with what stands for an image in the place of each mark. Marks for which there is no
  /// image stay.
  std::string take(std::string text) {
    if (shown.images.empty())
      return text;
    const std::span<const SeenImage> all = shown.images;
    const auto here = static_cast<size_t>(occurrences(shown.mark, text));
    const size_t before = std::exchange(marks, marks + here);
    if (marks > all.size())
      return text;
    return with_placeholders(text, shown.mark, all.subspan(before, here)).value();
  }
};

/// Of a rendered text; only what the template itself wrote can hold control tokens and the marks of
/// images.
std::vector<int32_t> ChatFormat::tokens_of(std::string_view text, const ChatMarked& marked,
                                           Unseen* unseen) const {
  std::vector<int32_t> tokens;
  while (!text.empty()) {
    const std::string part = unseen->take(std::string(take_until(marked.begin, &text)));
    add(tokenizer_->encode(part, Tokenizer::Control::kRecognised), &tokens);
    add(tokenizer_->encode(take_until(marked.end, &text), Tokenizer::Control::kPlain), &tokens);
  }
  return tokens;
}

/// Whether tokens have the control tokens and the images that the template writes around messages
/// that spell none.
Result<void> ChatFormat::check(const ChatSaid& said, bool asks, const Unseen& unseen,
                               const std::vector<int32_t>& tokens) const {
  const auto is_word = [&](const std::string& text) { return chat_.names(text); };
  const Result<std::string> text = render(controls_.plain(said, is_word), asks);
  if (!text)
    return Error{Errc::kBadData,
                 "what the chat template itself writes cannot be told: with other words in the "
                 "messages it fails, " +
                     text.error().message};
  Unseen own(unseen.shown);
  const std::string shown = own.take(text.value());
  const size_t images = unseen.images;
  if (own.marks < images)
    return Error{Errc::kBadData, "the chat template leaves out " +
                                     std::to_string(images - own.marks) + " of " +
                                     std::to_string(images) + " images"};
  if (own.marks > images)
    return Error{Errc::kBadData, "the chat template has " + std::to_string(own.marks) + " times " +
                                     own.shown.mark + " for " + std::to_string(images) + " images"};
  if (unseen.marks == images &&
      controls_.among(tokens) ==
          controls_.among(tokenizer_->encode(shown, Tokenizer::Control::kRecognised)))
    return {};
  return Error{Errc::kBadData,
               "a message or a tool spells a control token of the model in a way that the chat "
               "template cannot keep apart from its own; take it out"};
}

Result<std::vector<int32_t>> ChatFormat::prompt(const ordered_json& messages,
                                                const ordered_json& tools,
                                                const ShownImages& shown) const {
  Result<ordered_json> formed = in_form(messages);
  if (!formed)
    return formed.error();
  const ChatSaid said{std::move(formed).value(), tools};
  const Result<ChatMarked> safe = controls_.marked(said);
  if (!safe)
    return safe.error();
  const Result<std::string> text = render(safe.value().said, true);
  if (!text)
    return text.error();
  Unseen unseen(shown);
  std::vector<int32_t> tokens = tokens_of(text.value(), safe.value(), &unseen);
  if (auto sound = check(said, true, unseen, tokens); !sound)
    return sound.error();
  return tokens;
}

/// What the template writes of a conversation as it goes on, up to where it writes the beginning in
/// another way.
struct ChatFormat::Stretch {
  explicit Stretch(const ShownImages& shown) : unseen(shown) {}

  ChatTokens out;
  Unseen unseen;
  std::string written;
  size_t messages = 0;  ///< that are in it
};

/// What templates write behind the end of an answer is not the assistant's.
void ChatFormat::append(std::string_view text, const ChatMarked& marked, bool answer,
                        Stretch* to) const {
  bool ended = !answer;
  for (const int32_t token : tokens_of(text, marked, &to->unseen)) {
    to->out.tokens.push_back(token);
    to->out.answered.push_back(ended ? 0 : 1);
    ended = ended || std::ranges::find(ends_, token) != ends_.end();
  }
}

/// Adds answer `i`, in a stretch of its own where that is needed.
Result<void> ChatFormat::add_answer(const ChatMarked& marked, size_t i, const ShownImages& shown,
                                    std::vector<Stretch>* stretches) const {
  const auto up_to = [&](size_t count) {
    return ChatSaid{first(marked.said.messages, count), marked.said.tools};
  };
  const Result<std::string> asked = render(up_to(i), true);
  if (!asked)
    return asked.error();
  const Result<std::string> said = render(up_to(i + 1), false);
  if (!said)
    return said.error();
  if (!said.value().starts_with(asked.value()))
    return Error{Errc::kCheckFailed, "the chat template writes what comes before message " +
                                         std::to_string(i) +
                                         " in another way once the message is there; what is asked "
                                         "cannot be trained on"};
  if (stretches->empty() || !asked.value().starts_with(stretches->back().written))
    stretches->emplace_back(shown);
  Stretch& to = stretches->back();
  append(std::string_view(asked.value()).substr(to.written.size()), marked, false, &to);
  append(std::string_view(said.value()).substr(asked.value().size()), marked, true, &to);
  to.written = said.value();
  to.messages = i + 1;
  return {};
}

Result<std::vector<ChatTokens>> ChatFormat::conversation(const ordered_json& messages,
                                                         const ordered_json& tools,
                                                         const ShownImages& shown) const {
  const Result<ordered_json> formed = in_form(messages);
  if (!formed)
    return formed.error();
  const Result<ChatMarked> safe = controls_.marked({formed.value(), tools});
  if (!safe)
    return safe.error();
  std::vector<Stretch> stretches;
  for (size_t i = 0; i < formed.value().size(); ++i)
    if (is_answer(formed.value()[i]))
      if (auto added = add_answer(safe.value(), i, shown, &stretches); !added)
        return added.error();
  std::vector<ChatTokens> all;
  for (Stretch& stretch : stretches) {
    const ChatSaid said{first(formed.value(), stretch.messages), tools};
    if (stretch.messages < formed.value().size())
      stretch.unseen.images = pictures_in(said.messages);
    if (auto sound = check(said, false, stretch.unseen, stretch.out.tokens); !sound)
      return sound.error();
    stretch.out.images = static_cast<int64_t>(stretch.unseen.images);
    all.push_back(std::move(stretch.out));
  }
  return all;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "model/chat_directory.h"
#include "model/generation_config.h"
#include "model/gguf_policy.h"
#include "rollout/chat_environment.h"

namespace nelumbo {
namespace {

Result<ChatDirectory> chat_of(const std::string& directory) {
  if (!is_gguf(directory))
    return read_chat_directory(directory);
  const Result<GgufPolicy> file = GgufPolicy::open(directory);
  if (!file)
    return file.error();
  const Result<TokenizerDocuments> documents = file.value().tokenizer();
  if (!documents)
    return documents.error();
  return parse_chat_config(documents.value().tokenizer_config, directory);
}

// A user's text must not turn into control tokens, and the template sees the text before it is cut
// into tokens. So each control token that the text spells is put between two marks, which no
// template knows, and what stands between them in the prompt is encoded as plain characters.

struct Marks {
  std::string begin, end;
};

/// Two of the characters that Unicode keeps for such use, U+FDD0 to U+FDEF, that the text lacks.
Marks unused_marks(const std::string& text) {
  std::vector<std::string> unused;
  for (char last = '\x90'; last <= '\xAF' && unused.size() < 2; ++last) {
    std::string mark = std::string("\xEF\xB7") + last;
    if (text.find(mark) == std::string::npos)
      unused.push_back(std::move(mark));
  }
  unused.resize(2, "\xEF\xBF\xBE");  // U+FFFE
  return {unused[0], unused[1]};
}

std::string marked_controls(std::string text, const Tokenizer& tokenizer, const Marks& marks) {
  for (int32_t id = 0; id < tokenizer.size(); ++id) {
    const std::string& piece = tokenizer.piece(id);
    if (!tokenizer.is_special(id) || piece.empty())
      continue;
    const std::string marked = marks.begin + piece + marks.end;
    for (size_t at = text.find(piece); at != std::string::npos;
         at = text.find(piece, at + marked.size()))
      text.replace(at, piece.size(), marked);
  }
  return text;
}

/// Takes what stands before `mark` off the front of `rest`, and the mark; all of it without one.
std::string_view take_until(const std::string& mark, std::string_view* rest) {
  const size_t end = std::min(rest->find(mark), rest->size());
  const std::string_view taken = rest->substr(0, end);
  rest->remove_prefix(std::min(end + mark.size(), rest->size()));
  return taken;
}

void append(const std::vector<int32_t>& more, std::vector<int32_t>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

/// The tokens of a rendered prompt, with what stands for the images in the place of its marks.
Result<std::vector<int32_t>> tokens_of(std::string_view prompt, const Marks& marks,
                                       const Tokenizer& tokenizer, const ShownImages& shown) {
  std::vector<int32_t> tokens;
  std::span<const SeenImage> left = shown.images;
  while (!prompt.empty()) {
    const std::string_view part = take_until(marks.begin, &prompt);
    const size_t here = shown.images.empty() ? 0 : static_cast<size_t>(marks_in(part, shown.mark));
    const Result<std::string> expanded =
        shown.images.empty()
            ? Result<std::string>(std::string(part))
            : with_placeholders(part, shown.mark, left.first(std::min(here, left.size())));
    if (!expanded)
      return expanded.error();
    left = left.subspan(here);
    append(tokenizer.encode(expanded.value(), Tokenizer::Control::kRecognised), &tokens);
    append(tokenizer.encode(take_until(marks.end, &prompt), Tokenizer::Control::kPlain), &tokens);
  }
  if (!left.empty())
    return Error{Errc::kBadData, "leaves out " + std::to_string(left.size()) + " of " +
                                     std::to_string(shown.images.size()) + " images"};
  return tokens;
}

/// What a user says, in the form that chat templates expect: a text, or parts if there are images.
nlohmann::json content_of(std::string text, const ShownImages& shown) {
  if (shown.images.empty())
    return text;
  nlohmann::json parts = nlohmann::json::array();
  for (size_t i = 0; i < shown.images.size(); ++i)
    parts.push_back({{"type", "image"}});
  parts.push_back({{"type", "text"}, {"text", std::move(text)}});
  return parts;
}

}  // namespace

Result<std::vector<int32_t>> end_tokens_of(const Model& model) {
  if (!is_gguf(model.directory))
    return read_end_tokens(model.directory);
  const Result<GgufPolicy> file = GgufPolicy::open(model.directory);
  if (!file)
    return file.error();
  std::vector<int32_t> ends;
  if (const auto end = file.value().tokens().end.id)
    ends.push_back(*end);
  return ends;
}

Result<ChatModel> open_chat_model(const std::string& model) {
  Result<Model> opened = open_model(model);
  if (!opened)
    return opened.error();
  return chat_model_of(std::move(opened).value());
}

Result<ChatModel> chat_model_of(Model model) {
  ChatModel chat{std::move(model), nullptr, {}};
  Result<Tokenizer> tokenizer = read_tokenizer(chat);
  if (!tokenizer)
    return tokenizer.error();
  chat.tokenizer = std::make_shared<const Tokenizer>(std::move(tokenizer).value());
  Result<std::vector<int32_t>> ends = end_tokens_of(chat);
  if (!ends)
    return ends.error();
  chat.ends = std::move(ends).value();
  return chat;
}

Result<void> check_tokens(const ChatModel& model, const std::vector<int32_t>& tokens,
                          const std::string& place) {
  const int64_t vocabulary = model.network.config.decoder.vocab_size;
  const auto bad =
      std::ranges::find_if(tokens, [&](int32_t token) { return token < 0 || token >= vocabulary; });
  if (bad == tokens.end())
    return {};
  return Error{Errc::kBadData, place + ": " + std::to_string(*bad) +
                                   " is no token of the model, which has " +
                                   std::to_string(vocabulary)};
}

Result<std::vector<int32_t>> chat_tokens(const ChatModel& model, const std::string& text,
                                         const ShownImages& shown) {
  Result<ChatDirectory> chat = chat_of(model.directory);
  if (!chat)
    return chat.error();
  ChatInput input;
  const Marks marks = unused_marks(text);
  input.messages.push_back(
      {{"role", "user"},
       {"content", content_of(marked_controls(text, *model.tokenizer, marks), shown)}});
  input.add_generation_prompt = true;
  const Result<std::string> prompt = chat.value().render(std::move(input));
  if (!prompt)
    return prompt.error();
  Result<std::vector<int32_t>> tokens = tokens_of(prompt.value(), marks, *model.tokenizer, shown);
  if (!tokens)
    return Error{tokens.error().code,
                 model.directory + ": the chat template " + tokens.error().message};
  return tokens;
}

Result<std::vector<int32_t>> prompt_tokens(const ChatModel& model, const std::string& text,
                                           const ShownImages& shown) {
  const Tokenizer& tokenizer = *model.tokenizer;
  std::string whole;
  if (!shown.images.empty() && marks_in(text, shown.mark) == 0)
    for (size_t i = 0; i < shown.images.size(); ++i)
      whole += shown.framed_mark;
  whole += text;
  if (!shown.images.empty())
    if (const auto fits = with_placeholders(whole, shown.mark, shown.images); !fits)
      return Error{fits.error().code, "--prompt: " + fits.error().message};
  std::vector<int32_t> tokens;
  std::string_view rest = whole;
  for (const SeenImage& image : shown.images) {
    // What a chat template puts around a mark belongs to it where it is there.
    const size_t framed = std::min(rest.find(shown.framed_mark), rest.size());
    const bool has_frame = framed + shown.framed_mark.find(shown.mark) == rest.find(shown.mark);
    const std::string& mark = has_frame ? shown.framed_mark : shown.mark;
    append(tokenizer.encode(take_until(mark, &rest), Tokenizer::Control::kPlain), &tokens);
    const auto expanded = with_placeholders(mark, shown.mark, std::span(&image, 1));
    append(tokenizer.encode(expanded.value(), Tokenizer::Control::kRecognised), &tokens);
  }
  append(tokenizer.encode(rest, Tokenizer::Control::kPlain), &tokens);
  return tokenizer.framed(std::move(tokens));
}

Result<Group> continue_prompt(const ChatModel& model, ModelPrompt given,
                              const ContinueOptions& options) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "prompt";
  prompt->tokens = std::move(given.tokens);
  prompt->pixels = std::move(given.pixels);
  const auto environment = std::make_shared<const ChatEnvironment>(
      model.tokenizer, options.ignore_ends ? std::vector<int32_t>{} : model.ends);
  Team team(options.threads);
  Result<std::vector<Group>> groups =
      answer_prompts(model, environment, team, {prompt}, options.answer);
  if (!groups)
    return groups.error();
  return std::move(groups.value().front());
}

}  // namespace nelumbo

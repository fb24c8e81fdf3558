// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <algorithm>
#include <future>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"
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

/// What a user says, in the form that chat templates expect: a text, or parts if there are images.
nlohmann::ordered_json content_of(const std::string& text, const ShownImages& shown) {
  if (shown.images.empty())
    return text;
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (size_t i = 0; i < shown.images.size(); ++i)
    parts.push_back({{"type", "image"}});
  parts.push_back({{"type", "text"}, {"text", text}});
  return parts;
}

Result<ChatModel> with_tokenizer(Result<Model> opened, Result<Tokenizer> tokenizer) {
  if (!opened)
    return opened.error();
  ChatModel chat{std::move(opened).value(), nullptr, {}};
  if (!tokenizer)
    return tokenizer.error();
  chat.tokenizer = std::make_shared<const Tokenizer>(std::move(tokenizer).value());
  Result<std::vector<int32_t>> ends = end_tokens_of(chat);
  if (!ends)
    return ends.error();
  chat.ends = std::move(ends).value();
  return chat;
}

void append(const std::vector<int32_t>& more, std::vector<int32_t>* tokens) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

}  // namespace

Result<std::vector<int32_t>> end_tokens_of(const Model& model) {
  if (!is_gguf(model.directory))
    return read_end_tokens(model.directory);
  const Result<GgufPolicy> file = GgufPolicy::open(model.directory);
  return file ? file.value().ends() : file.error();
}

Result<ChatModel> open_chat_model(const std::string& model,
                                  const std::optional<std::string>& adapter, StoredType type,
                                  EngineProducts products) {
  const Result<Model> shape = open_shape(model);
  if (!shape)
    return shape.error();
  auto tokenizer =
      std::async(std::launch::async, [&shape] { return read_tokenizer(shape.value()); });
  Result<Model> served = serve_model(model, adapter, type, products);
  return with_tokenizer(std::move(served), tokenizer.get());
}

Result<ChatModel> chat_model_of(Result<Model> opened) {
  if (!opened)
    return opened.error();
  Result<Tokenizer> tokenizer = read_tokenizer(opened.value());
  return with_tokenizer(std::move(opened), std::move(tokenizer));
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

Result<void> check_length(const Model& model, int64_t tokens) {
  const int64_t positions = model.network.config.decoder.max_positions;
  if (tokens <= positions)
    return {};
  return Error{Errc::kBadData, "takes " + std::to_string(tokens) +
                                   " tokens, and the model has positions for " +
                                   std::to_string(positions) + "; shorten it or leave it out"};
}

Result<ChatFormat> chat_format_of(const ChatModel& model) {
  Result<ChatDirectory> chat = chat_of(model.directory);
  if (!chat)
    return chat.error();
  return ChatFormat(std::move(chat).value(), model.tokenizer, model.ends);
}

Result<std::vector<int32_t>> chat_tokens(const ChatModel& model, const std::string& text,
                                         const ShownImages& shown) {
  const Result<ChatFormat> format = chat_format_of(model);
  if (!format)
    return format.error();
  const nlohmann::ordered_json said = {{"role", "user"}, {"content", content_of(text, shown)}};
  Result<std::vector<int32_t>> tokens =
      format.value().prompt(nlohmann::ordered_json::array({said}), nullptr, shown);
  if (!tokens && tokens.error().code == Errc::kBadData)
    return Error{Errc::kBadData, model.directory + ": " + tokens.error().message};
  return tokens;
}

Result<std::vector<int32_t>> prompt_tokens(const ChatModel& model, const std::string& text,
                                           const ShownImages& shown) {
  const Tokenizer& tokenizer = *model.tokenizer;
  std::string whole;
  if (!shown.images.empty() && occurrences(shown.mark, text) == 0)
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

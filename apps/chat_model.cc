// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <algorithm>
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

Result<ChatModel> open_chat_model(const std::string& model,
                                  const std::optional<std::string>& adapter) {
  return chat_model_of(serve_model(model, adapter));
}

Result<ChatModel> chat_model_of(Result<Model> opened) {
  if (!opened)
    return opened.error();
  ChatModel chat{std::move(opened).value(), nullptr, {}};
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

Result<ChatFormat> chat_format_of(const ChatModel& model) {
  Result<ChatDirectory> chat = chat_of(model.directory);
  if (!chat)
    return chat.error();
  return ChatFormat(std::move(chat).value(), model.tokenizer, model.ends);
}

Result<std::vector<int32_t>> chat_tokens(const ChatModel& model, const std::string& text) {
  const Result<ChatFormat> format = chat_format_of(model);
  if (!format)
    return format.error();
  return format.value().prompt(
      nlohmann::ordered_json::array({{{"role", "user"}, {"content", text}}}), nullptr);
}

Result<Group> continue_tokens(const ChatModel& model, std::vector<int32_t> tokens,
                              const ContinueOptions& options) {
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "prompt";
  prompt->tokens = std::move(tokens);
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

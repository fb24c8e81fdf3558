// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <algorithm>
#include <utility>

#include "model/generation_config.h"
#include "rollout/chat_environment.h"

namespace nelumbo {

Result<ChatModel> open_chat_model(const std::string& model) {
  Result<Model> opened = open_model(model);
  if (!opened)
    return opened.error();
  ChatModel chat{std::move(opened).value(), nullptr, {}};
  Result<Tokenizer> tokenizer = Tokenizer::read(chat.directory + "/tokenizer.json");
  if (!tokenizer)
    return tokenizer.error();
  chat.tokenizer = std::make_shared<const Tokenizer>(std::move(tokenizer).value());
  Result<std::vector<int32_t>> ends = read_end_tokens(chat.directory);
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

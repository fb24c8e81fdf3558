// SPDX-License-Identifier: Apache-2.0
#include "apps/policy.h"

#include <utility>

#include "rollout/tool_environment.h"

namespace nelumbo {

Result<Policy> open_policy(const std::string& model) {
  Result<Model> opened = open_model(model);
  if (!opened)
    return opened.error();
  Policy policy{std::move(opened).value(), nullptr, nullptr};
  const ModelConfig& config = policy.network.config;
  const std::string path = policy.directory + "/tokenizer.json";
  Result<Tokenizer> tokenizer = Tokenizer::read(path);
  if (!tokenizer)
    return tokenizer.error();
  if (tokenizer.value().size() > config.decoder.vocab_size)
    return Error{Errc::kBadData, path + ": has more tokens than config.json's vocab_size"};
  Result<Dialogue> dialogue = Dialogue::create(std::move(tokenizer).value(), config.image_tokens());
  if (!dialogue)
    return Error{dialogue.error().code, policy.directory + ": " + dialogue.error().message};
  policy.dialogue = std::make_shared<const Dialogue>(std::move(dialogue).value());
  policy.environment =
      std::make_shared<const ToolEnvironment>(policy.dialogue, config.vision.image_size);
  return policy;
}

}  // namespace nelumbo

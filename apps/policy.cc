// SPDX-License-Identifier: Apache-2.0
#include "apps/policy.h"

#include <utility>

#include "rollout/tool_environment.h"

namespace nelumbo {

Result<Policy> open_policy(const std::string& model, const std::optional<std::string>& adapter) {
  Result<Model> opened = serve_model(model, adapter);
  if (!opened)
    return opened.error();
  Policy policy{std::move(opened).value(), nullptr, nullptr};
  const ModelConfig& config = policy.network.config;
  Result<Tokenizer> tokenizer = read_tokenizer(policy);
  if (!tokenizer)
    return tokenizer.error();
  Result<Dialogue> dialogue = Dialogue::create(std::move(tokenizer).value(), config.image_tokens());
  if (!dialogue)
    return Error{dialogue.error().code, policy.directory + ": " + dialogue.error().message};
  policy.dialogue = std::make_shared<const Dialogue>(std::move(dialogue).value());
  policy.environment =
      std::make_shared<const ToolEnvironment>(policy.dialogue, config.vision.image_size);
  return policy;
}

}  // namespace nelumbo

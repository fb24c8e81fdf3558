// SPDX-License-Identifier: Apache-2.0
#include "apps/policy.h"

#include <utility>

#include "rollout/tool_environment.h"

namespace nelumbo {

bool is_policy(const Tokenizer& tokenizer) {
  return tokenizer.id(control::kTool) && tokenizer.id(control::kEndOfUtterance);
}

Result<Policy> policy_of(Model model) {
  Policy policy{std::move(model), nullptr, nullptr};
  const ModelConfig& config = policy.network.config;
  Result<Tokenizer> tokenizer = read_tokenizer(policy);
  if (!tokenizer)
    return tokenizer.error();
  if (config.vision.windows || !config.sees || !is_policy(tokenizer.value()))
    return Error{Errc::kBadData,
                 policy.directory +
                     ": does not know the tasks and tools of the benchmark, as a policy does that "
                     "a run trained from nothing; ask an open model with nelumbo generate, and let "
                     "the stage evaluate of its run score it"};
  Result<Dialogue> dialogue = Dialogue::create(std::move(tokenizer).value(), config.image_tokens());
  if (!dialogue)
    return Error{dialogue.error().code, policy.directory + ": " + dialogue.error().message};
  policy.dialogue = std::make_shared<const Dialogue>(std::move(dialogue).value());
  policy.environment =
      std::make_shared<const ToolEnvironment>(policy.dialogue, config.vision.image_size);
  return policy;
}

Result<Policy> open_policy(const std::string& model, const std::optional<std::string>& adapter) {
  Result<Model> opened = serve_model(model, adapter);
  if (!opened)
    return opened.error();
  return policy_of(std::move(opened).value());
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/training_check.h"

#include <utility>

#include "learner/trained_parts.h"

namespace nelumbo {

Result<void> check_training(const RunConfig& config, const Network& network) {
  const std::pair<const char*, const TrainingConfig*> stages[] = {
      {"pretrain", &config.pretrain.training},
      {"midtrain", &config.midtrain.training},
      {"sft", &config.sft.training},
      {"reward_model", &config.reward_model.training},
      {"prm", &config.prm.training},
      {"dpo", &config.dpo.training},
      {"rl", &config.rl.training}};
  for (const auto& [stage, training] : stages) {
    if (!config.has_stage(stage))
      continue;
    if (auto found = treatments(network, *training); !found)
      return Error{found.error().code, std::string(stage) + "." + found.error().message};
  }
  return {};
}

}  // namespace nelumbo

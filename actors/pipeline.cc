// SPDX-License-Identifier: Apache-2.0
#include "actors/pipeline.h"

#include "base/text.h"

namespace nelumbo {

std::string stage_name(StageKind kind) {
  switch (kind) {
    case StageKind::kPretrain:
      return "pretrain";
    case StageKind::kMidtrain:
      return "midtrain";
    case StageKind::kSft:
      return "sft";
    case StageKind::kRl:
      return "rl";
    case StageKind::kEvaluate:
      return "evaluate";
    case StageKind::kFilter:
      return "filter";
    case StageKind::kDpo:
      return "dpo";
    case StageKind::kRewardModel:
      return "reward_model";
    case StageKind::kPrm:
      return "prm";
  }
  return "unknown";
}

Result<StageKind> stage_kind(const std::string& name) {
  std::vector<std::string> names;
  for (StageKind kind : {StageKind::kPretrain, StageKind::kMidtrain, StageKind::kSft,
                         StageKind::kRl, StageKind::kEvaluate, StageKind::kFilter, StageKind::kDpo,
                         StageKind::kRewardModel, StageKind::kPrm}) {
    names.push_back(stage_name(kind));
    if (names.back() == name)
      return kind;
  }
  return Error{Errc::kInvalidConfig,
               "pipeline: unknown stage '" + name + "'; stages are " + joined(names, ", ")};
}

int64_t planned_steps(const PipelineSetup& setup, StageKind stage) {
  switch (stage) {
    case StageKind::kPretrain:
      return setup.pretrain.steps;
    case StageKind::kMidtrain:
      return setup.midtrain.steps + setup.midtrain.draw.steps;
    case StageKind::kSft:
      return setup.sft.steps;
    case StageKind::kRl:
      return setup.rl.steps;
    case StageKind::kEvaluate:
      return 1;
    case StageKind::kFilter:
      return setup.filter_steps;
    case StageKind::kDpo:
      return setup.dpo.steps;
    case StageKind::kRewardModel:
      return setup.reward_model.steps;
    case StageKind::kPrm:
      return setup.prm.steps;
  }
  return 0;
}

}  // namespace nelumbo

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
  }
  return "unknown";
}

Result<StageKind> stage_kind(const std::string& name) {
  std::vector<std::string> names;
  for (StageKind kind : {StageKind::kPretrain, StageKind::kMidtrain, StageKind::kSft,
                         StageKind::kRl, StageKind::kEvaluate}) {
    names.push_back(stage_name(kind));
    if (names.back() == name)
      return kind;
  }
  return Error{Errc::kInvalidConfig,
               "pipeline: unknown stage '" + name + "'; stages are " + joined(names, ", ")};
}

}  // namespace nelumbo

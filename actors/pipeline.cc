// SPDX-License-Identifier: Apache-2.0
#include "actors/pipeline.h"

namespace nelumbo {

std::string stage_name(StageKind kind) {
  switch (kind) {
    case StageKind::kPretrain:
      return "pretrain";
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
  for (StageKind kind :
       {StageKind::kPretrain, StageKind::kSft, StageKind::kRl, StageKind::kEvaluate})
    if (stage_name(kind) == name)
      return kind;
  return Error{Errc::kInvalidConfig,
               "pipeline: unknown stage '" + name + "'; stages are pretrain, sft, rl, evaluate"};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/pipeline.h"
#include "apps/evaluation_book.h"
#include "apps/materials.h"

namespace nelumbo {

/// The stages of a configuration that actors run, in order: all but curate.
Result<std::vector<StageKind>> stages_of(const RunConfig& config);

/// Steps that a stage is given; an evaluation is one step.
int64_t planned_steps(const RunConfig& config, StageKind stage);

/// Who works in a run of these materials. The materials live as long as the crew.
CrewSetup crew_of(const std::shared_ptr<const Materials>& materials);

/// A whole run but for its directory and its callbacks; `place` is where the directory lies. Every
/// source is a pure function of the seed, its arguments and what is kept at `place`.
PipelineSetup setup_of(const std::shared_ptr<const Materials>& materials,
                       std::vector<StageKind> stages, const std::shared_ptr<EvaluationBook>& book,
                       const std::string& place);

}  // namespace nelumbo

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

/// Who works in a run of these materials. The materials live as long as the crew.
CrewSetup crew_of(const std::shared_ptr<const Materials>& materials);

/// RunPlan::setup() of these materials.
PipelineSetup setup_of_recipe(const std::shared_ptr<const Materials>& materials,
                              const std::vector<StageKind>& stages,
                              const std::shared_ptr<EvaluationBook>& book,
                              const std::string& place);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "actors/listening.h"
#include "actors/membership.h"
#include "actors/pipeline.h"
#include "base/error.h"

namespace nelumbo {

/// Where worker processes join, and what they must have read; of no matter where all actors are
/// here.
struct Gathering {
  Listening listening = {};
  WorkInputs inputs = {};
};

/// Runs the stages of `setup` with actors of its own, in this process, and returns when all have
/// ended. Writes into `setup.directory`: STATUS, metrics, traces, ledger, checkpoints.
PipelineReport run_pipeline(const PipelineSetup& setup, const Gathering& gathering = {});

/// Answers and scores prompts with fixed weights: no learner, no run directory, no ledger.
Result<std::vector<EvaluationAnswers>> run_evaluation(const CrewSetup& crew,
                                                      std::shared_ptr<const WeightSet> weights,
                                                      const std::vector<EvaluationPass>& modes,
                                                      uint64_t seed);

}  // namespace nelumbo

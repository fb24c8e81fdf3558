// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/listening.h"
#include "actors/membership.h"
#include "actors/pipeline.h"

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

}  // namespace nelumbo

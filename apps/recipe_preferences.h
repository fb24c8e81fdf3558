// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/pipeline.h"
#include "apps/materials.h"
#include "base/error.h"

namespace nelumbo {

/// What a stage on preferences learns from where the policy begins as nothing: the multi-hop
/// questions that were curated to train on, and, held out, those of evaluation.
///
///   dpo, reward_model  the chain along the gold path with its answer, and the chain that ends at
///                      another of the choices
///   prm                the chain along the gold path, all of whose lines are sound, and one with
///                      wrong lines among them (corpus/corrupted_chain.h)
///
/// kBadData where no question is left to train on, or to hold out.
Result<PreferencePairs> recipe_preferences(const Materials& materials, StageKind stage);

}  // namespace nelumbo

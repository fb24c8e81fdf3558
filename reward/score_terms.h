// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reward/step_checks.h"
#include "reward/term.h"

namespace nelumbo {

/// `reward_model`: the score s of an answer by a trained model, as sigma((s - center) / scale).
///
/// The model reads the tokens of the prompt and of the answer, which must be its own; where there
/// are none (a laboratory), or `read: text` asks for it, what was asked and said goes through the
/// model's own chat template, with nothing before it. A directory that scores steps is refused.
Result<TermPtr> read_reward_model(const SpecNode& node, TermHeader& header);

/// `learned`: a recalled line is faulty where the step judge gives it less than `threshold` (0.5)
/// to be sound: sigma of the score at its last token. Where the answer has no tokens, as in a
/// laboratory, it is read through the model's own chat template up to each line's end.
///
/// A directory is admitted only with a `measured.json` that says, of these very weights, that
/// faulty steps of held-out corrupted gold paths were found with an F1 of at least kLeastStepF1.
Result<StepCheckPtr> read_learned(const SpecNode& node, StepHeader& header);

/// What a step judge must reach to count.
constexpr double kLeastStepF1 = 0.7;

/// XXH3-128 in hex of the files of a model's directory that decide what it says. kBadData where one
/// cannot be read.
Result<std::string> score_model_hash(const std::string& directory);

}  // namespace nelumbo

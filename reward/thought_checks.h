// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/step_checks.h"

namespace nelumbo {

/// `evidence`: a recalled line or sentence is faulty that neither quotes ("...", three letters or
/// more) the question or a passage of the truth field `sources`, nor has a box (grid tokens) that
/// overlaps one of the truth field `boxes` by an IoU of 0.3. Without `boxes` any box is good.
Result<StepCheckPtr> read_evidence(const SpecNode& node, StepHeader& header);

/// `conclusion`: the last recalled line or sentence is faulty where the answer names something that
/// stands in no line. An answer that is a list is looked for item by item.
Result<StepCheckPtr> read_conclusion(const SpecNode& node, StepHeader& header);

/// `parts`: each recalled line or sentence is faulty where the parts that there are of a thought
/// (corpus/reasoning_chain.h) do not stand in their order, each once, and the answer behind them.
/// What is left out has no order; the term `chain` asks for all.
Result<StepCheckPtr> read_parts(const SpecNode& node, StepHeader& header);

}  // namespace nelumbo

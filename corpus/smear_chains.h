// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "corpus/chain_checks.h"
#include "corpus/coordinates.h"
#include "corpus/reasoning_chain.h"
#include "corpus/smear_questions.h"

namespace nelumbo {

/// The short chain of thought of a question about a view: what is looked for, each thing that is
/// seen with its box, the answer. `frame` is the view that was asked about.
///
///     <understand> count platelet</understand>
///     <recall> platelet<g3><g7><g5><g5>
///      platelet<g9><g2><g5><g5></recall>
///     <reason> 2</reason>
///     <conclude> 2</conclude>
///
/// A count lists at most kMostCounted platelets, top to bottom, and the empty window itself as
/// "none" where there is none. With the tags, the grid levels and the classes as whole tokens a
/// chain has less than 64 tokens. REQUIRES: a locate, a type or a count.
ReasoningChain smear_chain(const SmearQuestion& question, const Frame& frame);

/// What such a chain is held against: the boxes that may be named, in units of the view.
/// REQUIRES: the same.
ChainEvidence smear_evidence(const SmearQuestion& question, const Frame& frame);

}  // namespace nelumbo

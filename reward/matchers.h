// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reward/term.h"

namespace nelumbo {

/// A matcher is a term that says 0 or 1. In a spec it is a mapping with one key that names it:
///
///     {matches: "(?i)ignore .* instructions", in: text}     {box_inside: picture}
///     {contains: [red, white], in: answer}                  {box_area: [0.001, 0.6]}
///     {absent: ["system prompt"], in: text}                 {located_hits: boxes, iou: 0.3}
///     {answers: 2}             at least two answer tags     {located_count: answer}
///     {longer: 200}            bytes, in: answer or text    {used_tool: zoom}
///     {one_of: choices}        names one of the choices     {turns: 1}   at most one turn
///     {chain: [form, order], path: path}                    see chain_terms.h
///
/// One that pays, as a criterion or a nudge does, finds no word that the answer affirms in one
/// place and denies in another; a gate and a pitfall find it.
enum class Stake { kNone, kPays };
Result<TermPtr> read_matcher(const SpecNode& node, Stake stake = Stake::kNone);

/// The keys that name one.
std::vector<std::string> matcher_kinds();

}  // namespace nelumbo

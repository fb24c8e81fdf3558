// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// The evaluation of a run (`evaluation.json`) as tables: the classes of the benchmark with their
/// sets; each set under each way of asking (greedy, sampled, and the controls) before and after RL
/// with 95 % intervals; the paired differences; the controls; and the constant baselines that a
/// score must beat.
std::string evaluation_html(const nlohmann::json& evaluation);

/// The stages of a run (`summary.json`): steps planned and done, seconds, and the ledger's counts.
std::string stages_html(const nlohmann::json& summary);

}  // namespace nelumbo

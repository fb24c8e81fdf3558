// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// What the stage curate measured, out of curate/report.json: cleaning, decontamination, entities,
/// coverage with the weakest of them, multi-hop questions. A sentence when there was none.
std::string curate_html(const nlohmann::json& report);

/// What came of the traces that midtrain drew, out of midtrain/gates.json: for each draw,
/// temperature and task how many passed each gate, and why most of the others did not. Empty when
/// nothing was drawn.
std::string gates_html(const nlohmann::json& gates);

}  // namespace nelumbo

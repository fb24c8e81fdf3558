// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/ledger.h"

namespace nelumbo {

/// A record as people and programs read it: {"group":7,"sample":2,"process":1,"fate":"scored",
/// "outcome":0,"total":0.75}.
nlohmann::json event_json(const LedgerRecord& record);

/// The last events of a ledger, oldest first, at most `most`: as many as its last bytes hold. What
/// is in front of them is not looked at.
std::vector<nlohmann::json> last_ledger_events(const std::string& path, size_t most);

}  // namespace nelumbo

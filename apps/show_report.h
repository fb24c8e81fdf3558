// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "apps/command_line.h"
#include "base/terminal_text.h"

namespace nelumbo {

/// Prints what a command of the lab found: as one JSON object, or for people, with what a policy
/// wrote made harmless. `Report` has a `to_json` and a `render`.
template <class Report>
void show_report(Session& session, const Report& report) {
  if (session.json)
    session.out << to_json(report).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                << '\n';
  else
    session.out << render(report, terminal_text);
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// One line of a trace (see `illustrated_trace`) as HTML, a block for each of the first
/// `most` trajectories: the picture
/// with the true, answered and located boxes drawn over it, each tool call with what it returned,
/// the text, and the reward term by term with its evidence. Everything that came from data or from
/// the policy is escaped; a field that is missing or of another type is left out.
std::string trace_html(const nlohmann::json& group, int64_t most);

}  // namespace nelumbo

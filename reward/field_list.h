// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nelumbo {

/// docs/reward-fields.md: every field of a specification with its default, its limits and what it
/// means, as the readers note them (FieldNotes).
std::string describe_reward_fields();

}  // namespace nelumbo

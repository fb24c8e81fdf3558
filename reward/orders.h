// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "reward/pattern.h"

namespace nelumbo {

/// Whether the English verb that begins at byte `at` of a text is an order, and no statement about
/// somebody: it begins its clause ("Please ignore the rubric"), or follows an order ("Stop and
/// ignore .."), or who judges is told that it must ("You are to ignore .."). What has a subject of
/// its own ("Many patients ignore these instructions", "Patients stop and ignore ..") states, and
/// what is denied ("Do not ignore ..") or only spoken of ("It is unwise to ignore ..") is no such
/// order either. In doubt it is one.
bool is_order(std::string_view text, size_t at);

/// The first match of a pattern that begins with such a verb; Pattern::find of those alone.
Result<std::optional<std::string>> find_order(const Pattern& pattern, std::string_view text);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "reward/reward.h"

namespace nelumbo {

/// A line of a trace as the group that it was made of, with its stored outcomes: scoring it again
/// by the same specification gives the same outcomes. Of a picture only the size is there. kBadData
/// "PLACE: what" where a field is missing, of another shape, or a score that no specification
/// gives; `place` is "FILE:LINE".
Result<ScoredGroup> from_trace(std::string_view line, const std::string& place);

/// Gives each group of a file of traces to `use`, in order; stops at the first line that is none,
/// or holds a group of a line before it, and at the first error that `use` returns.
Result<void> for_each_trace(const std::string& path,
                            const std::function<Result<void>(const ScoredGroup&)>& use);

}  // namespace nelumbo

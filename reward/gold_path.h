// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "reward/step_checks.h"

namespace nelumbo {

/// Which of the recalled `lines` are on the gold `path`: those of the longest common subsequence of
/// both, and of several such the one whose lines stand earliest. Lines are compared as facts, field
/// by field, whatever their case and blanks. So a wrong line condemns itself alone: what stands
/// behind it is on the path if it is a line of the path behind those found before. A line that is
/// said again, comes too early for its place or stands beyond the path is not on it.
///
///     path A B C:   A B C -> 1 1 1   A X C -> 1 0 1   C A B -> 0 1 1   A A B C D -> 1 0 1 1 0
std::vector<bool> on_path(const std::vector<std::string>& lines,
                          const std::vector<std::string>& path);

/// `gold_path`: every recalled line that is not on the path of the truth field `truth` is faulty.
/// Where fewer lines are said than the path has, so is the line before which some are left out (the
/// last one where they are left out behind it), and the layer's value is at most the share that is
/// left: of "A C" on the path A B C, C is faulty, and the value 2/3 at most. Without any line it is
/// 0.01, and no step is faulty.
Result<StepCheckPtr> read_gold_path(const SpecNode& node, StepHeader& header);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// The matchers that look at boxes; matchers.h lists what each means.
Result<TermPtr> match_box_inside(const SpecNode& node);
Result<TermPtr> match_box_area(const SpecNode& node);
Result<TermPtr> match_located_hits(const SpecNode& node);
Result<TermPtr> match_located_count(const SpecNode& node);

/// Boxes of the successful `locate` calls, in pixels of the original.
std::vector<Box> located_boxes(const Trajectory& trajectory);

}  // namespace nelumbo

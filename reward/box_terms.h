// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// `iou`: overlap of the answer's box with the best truth box: raw, or 1 from `threshold` on and 0
/// under it. With `rises_to` and `over` the threshold rises from the first to the `over`th step.
Result<TermPtr> read_iou(const SpecNode& node, TermHeader& header);
/// `boxes_f1`: all boxes of the answer (or of the `locate` calls) against all truth boxes, matched
/// one to one.
Result<TermPtr> read_boxes_f1(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// Moves to the next element, which is `loop.current` then; false at the end.
bool jinja_loop_advance(JinjaLoop& loop);

/// Lets go of all that the loop holds: a template may keep the value `loop` behind its end.
void jinja_loop_leave(JinjaLoop& loop);

/// `loop.index` and its kin; nothing where the loop has no such attribute.
std::optional<JinjaValue> jinja_loop_attribute(JinjaRun& run, const JinjaValue::Loop& loop,
                                               const std::string& name);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// The method `name` of Python's str, bound to this text; undefined where there is none.
/// REQUIRES: value.is_text().
JinjaValue jinja_text_method(JinjaRun& run, const JinjaValue& value, const std::string& name);

/// str.replace; at most `most` times, any number when it is negative.
JinjaValue jinja_replace(JinjaRun& run, std::string_view text, std::string_view old,
                         std::string_view by, int64_t most);

/// str.strip and its kin; white space for an absent set.
JinjaValue jinja_strip(JinjaRun& run, std::string_view text, std::optional<std::string_view> set,
                       bool left, bool right);

/// The text in another case, as `map` makes it.
JinjaValue jinja_case_mapped(JinjaRun& run, std::string_view text,
                             std::string (*map)(std::string_view));

}  // namespace nelumbo

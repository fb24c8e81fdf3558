// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// The method `name` of Python's str, bound to this text; undefined where there is none.
/// REQUIRES: value.is_text().
JinjaValue jinja_text_method(JinjaRun& run, const JinjaValue& value, const std::string& name);

/// str.replace; at most `most` times, any number when it is negative.
JinjaValue jinja_replace(JinjaRun& run, const std::string& text, const std::string& old,
                         const std::string& by, int64_t most);

/// str.join of texts alone.
JinjaValue jinja_join(JinjaRun& run, const std::string& mark,
                      const std::vector<std::string>& pieces);

}  // namespace nelumbo

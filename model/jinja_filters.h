// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/jinja_arguments.h"
#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// Whether `value | name` is a filter of the subset.
bool jinja_has_filter(std::string_view name);

/// `value | name(arguments...)`. REQUIRES: jinja_has_filter(name), else the run fails.
JinjaValue jinja_filter(JinjaRun& run, const std::string& name, const JinjaValue& value,
                        const JinjaArguments& arguments);

/// A filter with a fixed signature, of its arguments without the value.
struct JinjaFilter {
  std::string_view name;
  std::string_view signature;
  JinjaValue (*call)(JinjaRun&, const JinjaValue&, const JinjaBound&);
};

/// The filter of this name in one of the tables, or null.
const JinjaFilter* jinja_text_filter(std::string_view name);      ///< of texts and numbers
const JinjaFilter* jinja_sequence_filter(std::string_view name);  ///< of what is iterable

}  // namespace nelumbo

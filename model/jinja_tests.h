// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// Whether `value is name` is a test of the subset.
bool jinja_has_test(std::string_view name);

/// `value is name(arguments...)`. REQUIRES: jinja_has_test(name), else the run fails.
bool jinja_test(JinjaRun& run, const std::string& name, const JinjaValue& value,
                const JinjaArguments& arguments);

}  // namespace nelumbo

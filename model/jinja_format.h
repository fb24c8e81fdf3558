// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// `format % values`: Python's printf-style formatting. `values` is one value, a tuple of them, or
/// a dict for `%(name)s`.
JinjaValue jinja_percent_format(JinjaRun& run, const std::string& format, const JinjaValue& values);

/// format.format(...): replacement fields with attributes, elements, conversions and format
/// specifications. Fields reach no further than the template itself does.
JinjaValue jinja_brace_format(JinjaRun& run, const std::string& format,
                              const JinjaArguments& arguments);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// `value.name`: a method or attribute, else the element of that key, else undefined. Names that
/// begin with `_`, and methods that would change their value, are refused when they are used.
JinjaValue jinja_attribute(JinjaRun& run, const JinjaValue& value, const std::string& name);

/// `value[key]`: the element, else the attribute of that name, else undefined.
JinjaValue jinja_item(JinjaRun& run, const JinjaValue& value, const JinjaValue& key);

/// What filters take as `attribute`: "a.b.0" leads through elements. `otherwise`, where it is not
/// null, stands for what is undefined on the way.
JinjaValue jinja_path(JinjaRun& run, const JinjaValue& value, const JinjaValue& path,
                      const JinjaValue* otherwise);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// str(value): what `{{ value }}` prints, a text always; the empty one where the run fails, as it
/// does on what prints an address in Python.
JinjaValue jinja_str(JinjaRun& run, const JinjaValue& value);

/// repr(value): the same, but texts are quoted.
std::string jinja_repr(JinjaRun& run, const JinjaValue& value);

/// How json.dumps is called; the defaults are those of the filter `tojson` in transformers.
struct JinjaJsonStyle {
  bool ascii_only = false;
  bool sorts_keys = false;
  bool has_lines = false;  ///< each element on a line, behind `indent` for each level
  std::string indent;
  std::string item_mark = ", ";
  std::string key_mark = ": ";
};

/// json.dumps(value). Fails on what is not JSON.
std::string jinja_json(JinjaRun& run, const JinjaValue& value, const JinjaJsonStyle& style);

}  // namespace nelumbo

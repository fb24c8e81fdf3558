// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/jinja_run.h"

namespace nelumbo {

/// A piece of a template's source.
struct JinjaToken {
  enum class Kind {
    kText,           ///< outside all tags, white space control applied
    kVariableBegin,  ///< {{
    kVariableEnd,
    kBlockBegin,  ///< {%
    kBlockEnd,
    kName,
    kString,  ///< escapes undone
    kInteger,
    kReal,
    kSign,  ///< an operator or a bracket
    kEnd,   ///< the last token
  };
  Kind kind = Kind::kEnd;
  JinjaPlace place;
  std::string text;
  int64_t integer = 0;
  double real = 0;

  bool is_sign(std::string_view sign) const { return kind == Kind::kSign && text == sign; }
  bool is_name(std::string_view name) const { return kind == Kind::kName && text == name; }
};

/// Cuts a template as Jinja does with trim_blocks and lstrip_blocks: `-` and `+` beside a tag strip
/// and keep white space, comments leave nothing, raw blocks are text. kBadData says LINE:COLUMN.
Result<std::vector<JinjaToken>> jinja_tokens(std::string_view source);

}  // namespace nelumbo

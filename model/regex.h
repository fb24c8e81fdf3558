// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/pcre.h"

namespace nelumbo {

/// A Unicode regular expression (PCRE2 with UTF, UCP and JIT), immutable and shared between
/// threads. A match that takes too many steps is given up, so no pattern can hang the process.
class Regex {
 public:
  /// Compiles a pattern; kBadData names `place`, the fault and its offset. A pattern that blows up
  /// on runs of one character is refused here.
  static Result<Regex> compile(const std::string& pattern, const std::string& place);

  /// Bytes [begin, end) of a text; `match` tells a match from what lies between matches.
  struct Span {
    int64_t begin = 0;
    int64_t end = 0;
    bool match = false;
  };

  /// Cuts `text` into matches and gaps that cover it, none of them empty. Where a match is given
  /// up, the rest of the text is one gap. REQUIRES: well-formed UTF-8.
  std::vector<Span> cut(std::string_view text) const;

 private:
  bool cut_into(std::string_view text, std::vector<Span>& spans) const;

  std::shared_ptr<const PcreCode> code_;
};

}  // namespace nelumbo

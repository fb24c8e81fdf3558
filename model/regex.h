// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/pcre.h"

namespace nelumbo {

/// How many more matches may be given up, of one piece of work, before its pattern is not tried any
/// more: each may have taken all the steps there are.
struct Patience {
  int left = 4;
};

/// A Unicode regular expression (PCRE2 with UTF, UCP and JIT), immutable and shared between
/// threads. A match that takes too many steps is given up, so no pattern can hang the process.
class Regex {
 public:
  /// Compiles a pattern of Oniguruma's syntax (model/oniguruma.h); kBadData names `place`, the
  /// fault and its offset. A pattern that blows up on runs of one character is refused here.
  static Result<Regex> compile(const std::string& pattern, const std::string& place);

  /// Finds these characters and nothing else. REQUIRES: not empty.
  static Result<Regex> literal(const std::string& text, const std::string& place);

  /// Bytes [begin, end) of a text; `match` tells a match from what lies between matches.
  struct Span {
    int64_t begin = 0;
    int64_t end = 0;
    bool match = false;
  };

  /// Cuts `text` into matches, which may be empty, and gaps, which are not; together they cover it.
  /// Where a match is given up, the rest of the text is one gap. REQUIRES: well-formed UTF-8.
  std::vector<Span> cut(std::string_view text, Patience& patience) const;

  /// The text with `content` in place of every match, empty ones too, up to one that is given up.
  std::string replaced(std::string_view text, std::string_view content, Patience& patience) const;

  /// Bytes of the match at the start of the text; 0 when there is none.
  int64_t length_at_start(std::string_view text) const;

 private:
  using Visit = std::function<void(int64_t begin, int64_t end)>;

  static Result<Regex> compile_for(const std::string& pattern, const std::string& shown,
                                   uint32_t options, const std::string& place);
  void scan(std::string_view text, const Visit& visit, Patience& patience) const;

  std::shared_ptr<const PcreCode> code_;
};

}  // namespace nelumbo

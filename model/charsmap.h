// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// The table by which SentencePiece normalises text: strings and what stands for them, in a double
/// array trie. Immutable.
class Charsmap {
 public:
  /// Reads the base64 text of a `precompiled_charsmap`. kBadData names `place` and the fault.
  static Result<Charsmap> parse(std::string_view base64, const std::string& place);

  /// The text with every grapheme (up to 5 bytes), else every character, that begins with a string
  /// of the table replaced, as the `tokenizers` library does it: whole, by the replacement of the
  /// shortest such string. REQUIRES: well-formed UTF-8.
  std::string apply(std::string_view text) const;

 private:
  std::optional<std::string_view> replacement(std::string_view part) const;

  std::vector<uint32_t> units_;
  std::string replacements_;  ///< one behind the other, each ended by a NUL
};

}  // namespace nelumbo

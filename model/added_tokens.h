// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/keyword_finder.h"
#include "model/normalizer.h"
#include "model/regex.h"

namespace nelumbo {

/// A token that is found in text as a whole, before any other step.
struct AddedToken {
  int32_t id = 0;
  std::string content;
  bool special = false;      ///< a control token, left out of decoded text on demand
  bool lstrip = false;       ///< takes the white space in front of it
  bool rstrip = false;       ///< takes the white space behind it
  bool single_word = false;  ///< only where no word character touches it
  bool normalized = false;   ///< looked for after normalisation, in what the others leave
};

/// Finds added tokens: the leftmost first, the longest of those that begin there. Immutable.
class AddedTokens {
 public:
  /// Tokens that are looked for in normalised text are normalised too. REQUIRES: no empty content,
  /// none twice.
  explicit AddedTokens(std::vector<AddedToken> tokens, const Normalizer& normalizer = {});

  /// A part of a text: a token, or plain text between tokens.
  struct Part {
    std::string_view text;
    std::optional<int32_t> token;
  };

  /// Cuts a text into parts that cover it, by the tokens that are looked for before normalisation
  /// or by those that are looked for after it. REQUIRES: well-formed UTF-8.
  enum class Stage { kAsWritten, kNormalized };
  std::vector<Part> cut(std::string_view text, Stage stage) const;

  const std::vector<AddedToken>& tokens() const { return tokens_; }

 private:
  struct Table {
    std::vector<int64_t> tokens;  ///< by keyword: the index of a token
    std::vector<int64_t> sizes;   ///< by keyword: its bytes
    KeywordFinder finder{{}};
  };

  Table table_of(bool normalized, const Normalizer& normalizer) const;
  bool touches_word(std::string_view text, int64_t begin, int64_t end) const;

  std::vector<AddedToken> tokens_;
  Table raw_;
  Table normalized_;
  Regex word_;
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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
  bool normalized = false;   ///< looked for after normalisation: in what the others leave
};

/// Finds added tokens: the leftmost first, the longest of those that begin there. Immutable.
class AddedTokens {
 public:
  /// REQUIRES: no empty content, none twice.
  explicit AddedTokens(std::vector<AddedToken> tokens);
  AddedTokens(const AddedTokens&) = delete;
  AddedTokens(AddedTokens&&) = default;
  AddedTokens& operator=(const AddedTokens&) = delete;
  AddedTokens& operator=(AddedTokens&&) = delete;

  /// A part of a text: a token, or plain text between tokens.
  struct Part {
    std::string_view text;
    std::optional<int32_t> token;
  };

  /// Cuts a text into parts that cover it. REQUIRES: well-formed UTF-8.
  std::vector<Part> cut(std::string_view text) const;

  const std::vector<AddedToken>& tokens() const { return tokens_; }

 private:
  /// Tokens by content, and for each first byte the lengths worth trying, longest first.
  struct Table {
    std::unordered_map<std::string_view, int64_t> by_content;
    std::array<std::vector<int64_t>, 256> lengths;
  };

  void add(const AddedToken& token, int64_t index);
  bool touches_word(std::string_view text, int64_t begin, int64_t end) const;
  const AddedToken* longest_at(const Table& table, std::string_view text, int64_t at) const;
  void cut_by(const Table& table, std::string_view text, std::vector<Part>& parts) const;

  std::vector<AddedToken> tokens_;  ///< never changes: the tables point into it
  Table raw_;
  Table normalized_;
  Regex word_;
};

}  // namespace nelumbo

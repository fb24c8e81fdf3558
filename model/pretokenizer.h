// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/regex.h"

namespace nelumbo {

/// Cuts text into the words that byte-pair merges stay inside of. Immutable.
class Pretokenizer {
 public:
  /// Reads the `pre_tokenizer` of a tokenizer.json: ByteLevel, or a Sequence of Split and Digits
  /// steps that ends in ByteLevel. kBadData names anything else.
  static Result<Pretokenizer> parse(const nlohmann::json& step, const std::string& place);

  /// The words, in order. REQUIRES: well-formed UTF-8.
  std::vector<std::string> words(std::string_view text) const;

 private:
  /// One cut of every word there is so far.
  struct Step {
    std::optional<Regex> pattern;
    bool keep_matches = true;
    bool keep_gaps = true;
    bool space_in_front = false;  ///< a word gets a space in front unless it has one
  };

  Result<void> add(const nlohmann::json& step, const std::string& place);
  Result<void> add_byte_level(const nlohmann::json& step, const std::string& place);
  Result<void> add_split(const nlohmann::json& step, const std::string& place);
  Result<void> add_digits(const nlohmann::json& step, const std::string& place);

  std::vector<Step> steps_;
  bool ends_in_byte_level_ = false;
};

}  // namespace nelumbo

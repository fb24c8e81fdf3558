// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"

namespace nelumbo {

/// Makes text of tokens again: the `decoder` of a tokenizer.json. Immutable.
class TokenDecoder {
 public:
  /// Reads ByteLevel, Metaspace, ByteFallback, Fuse, Replace, Strip and Sequences of them; null
  /// puts a space between tokens. kBadData names anything else, and a chain of Replace that could
  /// make a text more than 256 times as long.
  static Result<TokenDecoder> parse(const nlohmann::json& part, const std::string& place);

  /// The text of tokens, given as the vocabulary spells them. What is no UTF-8 becomes U+FFFD.
  std::string decode(std::vector<std::string> tokens) const;

  /// Whether all it does is to read tokens in the alphabet of bytes (model/byte_level.h).
  bool only_byte_level() const { return only_byte_level_; }

 private:
  using Tokens = std::vector<std::string>;
  using Step = std::function<Tokens(Tokens)>;

  Result<void> add(const nlohmann::json& step, const std::string& place);
  Result<void> add_metaspace(const nlohmann::json& step, const std::string& place);
  Result<void> add_replace(const nlohmann::json& step, const std::string& place);
  Result<void> add_strip(const nlohmann::json& step, const std::string& place);

  std::vector<Step> steps_;
  double growth_ = 1;
  bool only_byte_level_ = false;
};

/// The bytes that one token stands for in the alphabet of bytes; its own where it has a character
/// that is not in the alphabet.
std::string byte_level_bytes(const std::string& token);

/// The byte that a token "<0x0A>" stands for; negative for other tokens.
int byte_of_token(const std::string& token);

}  // namespace nelumbo

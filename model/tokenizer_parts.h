// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "model/added_tokens.h"
#include "model/normalizer.h"
#include "model/pretokenizer.h"
#include "model/token_decoder.h"
#include "model/token_frame.h"
#include "model/token_model.h"

namespace nelumbo {

/// Bytes of a tokenizer.json that are read at most.
constexpr int64_t kLongestTokenizer = 100'000'000;

/// What a tokenizer.json comes down to.
struct TokenizerParts {
  Normalizer normalizer;
  AddedTokens added;
  Pretokenizer pretokenizer;
  TokenModel model;
  TokenFrame frame;
  TokenDecoder decoder;

  /// What is known of a token, by id.
  struct Token {
    std::string piece;     ///< what it stands for; empty where an id is unused
    std::string spelling;  ///< what the decoder gets: the bytes where it only reads bytes
    bool used = false;
  };
  std::vector<Token> tokens;
  std::vector<bool> special;  ///< by id
  std::unordered_map<std::string, int32_t> by_piece;
};

/// Reads a tokenizer.json. What it cannot follow exactly is refused by its name, with kBadData; so
/// are ids given twice or far apart, merges of unknown tokens and an alphabet without all bytes.
Result<TokenizerParts> parse_tokenizer(std::string_view json, const std::string& place);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/added_tokens.h"

namespace nelumbo {

/// The `vocab` of a tokenizer.json's model. Its texts point into the document.
struct Vocabulary {
  struct Token {
    std::string_view text;
    int32_t id = 0;
  };
  std::vector<Token> tokens;
  std::unordered_map<std::string_view, int32_t> by_text;  ///< of equal texts the last

  std::optional<int32_t> id(std::string_view text) const;
};

/// Reads the vocabulary of a BPE (an object of ids) or a Unigram (a list of texts and scores, ids
/// from 0). kBadData names what is neither.
Result<Vocabulary> read_vocabulary(const nlohmann::json& model, const std::string& place);

/// Added tokens that a file may have at most: more than any model has.
constexpr int64_t kMostAddedTokens = 131'072;
/// Bytes that they may have in all.
constexpr int64_t kMostAddedBytes = 2'097'152;

/// Reads the list `added_tokens`. kBadData names a token without content or id, one that is given
/// twice, and what is more than the file may have.
Result<std::vector<AddedToken>> read_added_tokens(const nlohmann::json& document,
                                                  const std::string& place);

}  // namespace nelumbo

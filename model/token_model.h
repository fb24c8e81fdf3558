// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/bpe.h"
#include "model/unigram.h"
#include "model/vocabulary.h"

namespace nelumbo {

/// The `model` of a tokenizer.json: makes tokens of words. Immutable.
class TokenModel {
 public:
  /// Reads a BPE or a Unigram. A word never becomes a token that `special` (by id) names, but for
  /// the unknown token. Where `byte_level`, words are bytes, and some byte must have a token.
  /// kBadData names what is malformed or not supported.
  static Result<TokenModel> parse(const nlohmann::json& model, const Vocabulary& vocabulary,
                                  const std::vector<bool>& special, bool byte_level,
                                  const std::string& place);

  /// "BPE" or "Unigram".
  const char* kind() const { return std::holds_alternative<Bpe>(model_) ? "BPE" : "Unigram"; }
  /// The bytes that have no token and leave no trace among the tokens of a word.
  std::vector<uint8_t> lost_bytes() const;

  /// Appends the tokens of `word`.
  void encode(std::string_view word, std::vector<int32_t>& ids) const {
    std::visit([&](const auto& model) { model.encode(word, ids); }, model_);
  }

 private:
  explicit TokenModel(std::variant<Bpe, Unigram> model) : model_(std::move(model)) {}

  std::variant<Bpe, Unigram> model_;
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/gguf_value.h"

namespace nelumbo {

/// GGUF's numbers for what a token is.
enum class GgufTokenType : int32_t {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,
  kUserDefined = 4,
  kUnused = 5,
  kByte = 6,
};

/// The keys `tokenizer.*` of a GGUF file as C++ has them; a flag or an id that the file does not
/// have is nothing.
struct GgufVocabulary {
  std::string place;                 ///< what messages begin with
  std::string model;                 ///< gpt2, llama, t5, …
  std::string pre;                   ///< how text is cut; "default" where the file does not say
  std::vector<std::string> tokens;   ///< UTF-8, by id
  std::vector<GgufTokenType> types;  ///< one for each token
  std::vector<double> scores;        ///< one for each token, or none
  std::vector<std::string> merges;   ///< "left right"
  std::optional<size_t> begin_id, end_id, unknown_id, padding_id;  ///< below tokens.size()
  std::optional<bool> add_begin, add_end, add_space_prefix, remove_extra_whitespaces;
  std::optional<std::string> chat_template;

  bool is(size_t id, GgufTokenType type) const { return types[id] == type; }
  bool has(GgufTokenType type) const;
};

/// Says (kBadData) when the arrays of the tokenizer differ in length, or when there are not as many
/// tokens as rows of the embedding. A file without a tokenizer is fine.
Result<void> check_tokenizer_metadata(const GgufMetadata& metadata, int64_t vocab_size,
                                      const std::string& place);

/// kBadData names a key of another type, a text that is not UTF-8 and arrays of different lengths.
Result<GgufVocabulary> read_vocabulary(const GgufMetadata& metadata, const std::string& place);

}  // namespace nelumbo

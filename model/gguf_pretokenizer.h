// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"

namespace nelumbo {

/// What GGUF's `tokenizer.ggml.pre` stands for: how byte-level BPE cuts text into words.
struct GgufPretokenizer {
  std::string_view name;
  /// Patterns whose matches are isolated, one after another.
  std::span<const std::string_view> patterns;
  bool ignore_merges = false;  ///< a word that is a token is that token, whatever the merges say
  bool begins = false;         ///< adds the begin token unless the file says otherwise
  bool composes = false;       ///< Hugging Face's files of this family normalise to NFC
};

/// The one of this name, or null.
const GgufPretokenizer* gguf_pretokenizer(std::string_view name);

/// "default, gpt-2, …", for messages.
std::string gguf_pretokenizer_names();

/// The `pre_tokenizer` of a tokenizer.json that cuts in this way.
nlohmann::json pretokenizer_json(const GgufPretokenizer& pretokenizer);

/// The one that cuts as a tokenizer.json does, by its pre_tokenizer, normalizer and
/// model.ignore_merges. kBadData names what GGUF has no word for.
Result<const GgufPretokenizer*> gguf_pretokenizer_of(const nlohmann::json& tokenizer,
                                                     const std::string& place);

}  // namespace nelumbo

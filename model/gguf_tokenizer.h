// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "model/gguf_value.h"

namespace nelumbo {

/// The two files of a Hugging Face tokenizer, as text.
struct TokenizerDocuments {
  std::string tokenizer;         ///< tokenizer.json
  std::string tokenizer_config;  ///< tokenizer_config.json, the chat template in it
};

/// The tokenizer of a GGUF file: byte-level BPE ("gpt2", whose `pre` is named in
/// model/gguf_pretokenizer.cc), SentencePiece BPE ("llama", merges from the scores where the file
/// has none) or Unigram ("t5"). kBadData names anything else.
Result<TokenizerDocuments> tokenizer_documents(const GgufMetadata& metadata,
                                               const std::string& place);

/// The way back: the keys `tokenizer.*` of these documents. Ids up to `vocab_size` that no token
/// has become unused tokens, as GGUF wants one for each row of the embedding. kBadData names what
/// GGUF cannot say.
Result<GgufMetadata> tokenizer_metadata(const TokenizerDocuments& documents, int64_t vocab_size,
                                        const std::string& place);

}  // namespace nelumbo

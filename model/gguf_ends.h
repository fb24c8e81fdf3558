// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/gguf_value.h"

namespace nelumbo {

/// The tokens that end an answer: the list `tokenizer.ggml.eos_token_ids`, or where a file has
/// none, the tokens that its keys say end a text, a turn and a message, and control tokens with a
/// name that is known to end a turn. No id twice; none is an answer, too. kBadData names the key
/// that is no id below `vocab_size`.
Result<std::vector<int32_t>> read_gguf_ends(const GgufMetadata& metadata, int64_t vocab_size,
                                            const std::string& place);

/// The way back, beside a key for the end of a text if there is one: the list, which llama.cpp does
/// not read, and the keys that it does, which hold three. kBadData names what is no id below
/// `vocab_size`.
Result<void> add_gguf_ends(const std::vector<int32_t>& ends, int64_t vocab_size,
                           const std::string& place, GgufMetadata* metadata);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"
#include "model/config.h"
#include "model/gguf.h"
#include "model/gguf_value.h"
#include "model/hf_config.h"

namespace nelumbo {

/// What a GGUF file says of its network.
struct GgufConfig {
  ModelConfig model;
  ControlTokens tokens;  ///< ids alone
};

/// Reads the keys and the shapes that say it. kBadData names the key that is missing, of another
/// type, out of range, or asks for something that no family of model/family.h does in GGUF.
Result<GgufConfig> read_gguf_config(const GgufFile& file);

/// kBadData when GGUF files hold no models of this architecture.
Result<void> check_gguf_architecture(const ModelConfig& config, const std::string& place);

/// GGUF's word for the architecture: llama, qwen2, ... REQUIRES: one that GGUF files hold.
std::string gguf_architecture(const ModelConfig& config);

/// The keys of a GGUF file, tokenizer and file type left out. REQUIRES: the same.
GgufMetadata gguf_config_metadata(const ModelConfig& config);

}  // namespace nelumbo

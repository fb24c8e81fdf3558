// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.h"
#include "corpus/dialogue.h"
#include "model/config.h"
#include "model/weights.h"

namespace nelumbo {

/// Writes a policy as a Hugging Face directory that transformers opens as
/// Idefics3ForConditionalGeneration: config.json, model.safetensors, tokenizer.json,
/// tokenizer_config.json, preprocessor_config.json, generation_config.json.
/// The XXH3-128 of model.safetensors.
Result<std::string> write_hf_directory(const std::string& folder, const ModelConfig& config,
                                       const Dialogue& dialogue, const WeightSet& weights);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/config.h"
#include "model/hf_config.h"
#include "model/safetensors_writer.h"
#include "model/weight_source.h"

namespace nelumbo {

/// A model as it is to be written somewhere else.
struct ModelSource {
  std::string place;  ///< the directory or GGUF file that it is read from
  ModelConfig config;
  ControlTokens tokens = {};       ///< ids alone
  std::vector<int32_t> ends = {};  ///< the tokens that end an answer
  /// The files of a Hugging Face directory by name, all but the weights: at least config.json,
  /// generation_config.json, tokenizer.json and tokenizer_config.json, which holds the chat
  /// template if there is one.
  std::map<std::string, std::string> documents = {};
  std::vector<SafetensorsPlan> tensors = {};  ///< under Hugging Face's names
  WeightSource weights = {};                  ///< gives each of them; of a GGUF file, from the disk
};

/// Everything of a model but its weights: place, config, tokens and documents.
Result<ModelSource> open_model_documents(const std::string& model);

/// Opens MODEL, whatever its form, with ADAPTER merged into it, where one is named; a GGUF file,
/// which is read tensor by tensor, takes none (kInvalidConfig). kBadData names the file that is
/// malformed.
Result<ModelSource> open_model_source(const std::string& model,
                                      const std::optional<std::string>& adapter = {});

}  // namespace nelumbo

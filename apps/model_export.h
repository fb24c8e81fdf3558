// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "apps/model_source.h"
#include "base/error.h"
#include "model/quantisation.h"

namespace nelumbo {

/// Writes a GGUF file. kInvalidConfig when there is something at `path` already, or when it does
/// not end in .gguf; kBadData when GGUF cannot say what the model is.
Result<void> export_gguf(const ModelSource& source, GgufType type, const std::string& path);

/// Writes a Hugging Face directory as a whole or not at all, and the folders above it.
/// kInvalidConfig when there is something at `path` that is not an empty folder.
Result<void> export_hf(const ModelSource& source, StoredType type, const std::string& path);

/// Writes `weights` into the empty folder `folder` as a Hugging Face directory, with the documents
/// of the model that they were trained from. The XXH3-128 of model.safetensors.
Result<std::string> write_trained(const ModelSource& documents, const WeightSet& weights,
                                  StoredType type, const std::string& folder);

}  // namespace nelumbo

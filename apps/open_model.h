// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/team.h"
#include "model/chat_directory.h"
#include "model/engine_weights.h"
#include "model/network.h"
#include "model/stored_type.h"
#include "model/tokenizer.h"
#include "rollout/engine.h"
#include "rollout/environment.h"

namespace nelumbo {

/// A network and its weights, of any family that model/family.h knows.
struct Model {
  std::string directory;  ///< the Hugging Face directory, or GGUF file, that it was read from
  Network network;
  std::shared_ptr<const WeightSet> weights;     ///< of open_model(), else null
  std::shared_ptr<const EngineWeights> packed;  ///< of serve_model(), else null
};

/// Where MODEL lies: MODEL itself if it is a GGUF file or a Hugging Face directory, `hf` in a
/// checkpoint, the latest checkpoint's in a run. kInvalidConfig when it is none of them.
Result<std::string> model_directory(const std::string& model);

/// Whether what `model_directory` found is a GGUF file.
bool is_gguf(const std::string& directory);

/// The shape of MODEL, without weights. kBadData names the file that is malformed.
Result<Model> open_shape(const std::string& model);

/// Reads the network of MODEL, and merges ADAPTER into it, where one is named. Weights are rounded
/// to `type`. kBadData names the file that is malformed or does not fit.
Result<Model> open_model(const std::string& model, const std::optional<std::string>& adapter = {},
                         StoredType type = StoredType::kF32);

/// The same, ready for the engine and in memory once. (With an adapter, twice for a moment.)
Result<Model> serve_model(const std::string& model, const std::optional<std::string>& adapter = {},
                          StoredType type = StoredType::kF32,
                          EngineProducts products = EngineProducts::kAsStored);

/// "fp32" and "bf16". REQUIRES: one of these.
StoredType stored_type(const std::string& word);

/// The tokenizer of a model that was opened. kBadData also where it has more tokens than the
/// network.
Result<Tokenizer> read_tokenizer(const Model& model);

/// The tokenizer of what `model_directory` found, whatever network is beside it.
Result<Tokenizer> read_tokenizer(const std::string& directory);

/// How what `model_directory` found wants to be spoken to: the template of the directory, or inside
/// the GGUF file. kBadData when there is none.
Result<ChatDirectory> read_chat(const std::string& directory);

/// kBadData where a log-prob is not finite: the weights are sound one by one, and not together.
Result<void> check_logprobs(std::span<const float> logprobs, const std::string& place);

/// How prompts are to be answered.
struct AnswerOptions {
  int32_t samples = 1;
  uint64_t seed = 0;
  Sampling sampling;
};

/// Answers prompts with one engine, group i for prompt i. An error says why a prompt can never be
/// answered. REQUIRES: a model of serve_model().
Result<std::vector<Group>> answer_prompts(const Model& model,
                                          const std::shared_ptr<const Environment>& environment,
                                          Team& team,
                                          const std::vector<std::shared_ptr<const Prompt>>& prompts,
                                          const AnswerOptions& options);

}  // namespace nelumbo

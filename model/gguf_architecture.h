// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "model/gguf.h"
#include "model/gguf_rope.h"
#include "model/gguf_value.h"

namespace nelumbo {

// What no model exceeds; more is a mistake or an attack.
constexpr int64_t kGgufMostLayers = 1000;
constexpr int64_t kGgufMostHeads = 1000;
constexpr int64_t kGgufWidest = 1'000'000;
constexpr int64_t kGgufLargestVocabulary = 10'000'000;
constexpr int64_t kGgufMostPositions = 100'000'000;

/// `rope_type` linear: positions are divided by a factor.
struct LinearScaling {
  double factor = 1;
};

/// `rope_type` yarn, with its usual ramp.
struct YarnScaling {
  double factor = 1;
  double original_positions = 0;  ///< original_max_position_embeddings
};

/// What a text model of the llama, qwen2 or qwen3 architecture is made of, as config.json and GGUF
/// both say it.
struct GgufArchitecture {
  std::string name;  ///< llama, qwen2 or qwen3: GGUF's architecture and Hugging Face's model_type
  int64_t vocab_size = 0;
  int64_t positions = 0;
  int64_t hidden_size = 0;
  int64_t intermediate_size = 0;
  int64_t layers = 0;
  int64_t heads = 0;
  int64_t kv_heads = 0;
  int64_t head_size = 0;
  double rms_norm_eps = 1e-6;
  double rope_theta = 10000;
  std::variant<std::monostate, LinearScaling, YarnScaling, Llama3Scaling> scaling;
  bool tied = false;            ///< the embedding is the output layer as well
  bool attention_bias = false;  ///< in config.json's sense; qwen2 has its own biases always
  bool mlp_bias = false;
  std::optional<int64_t> begin_id, end_id, padding_id;  ///< bos, eos and pad tokens

  /// What is impossible about its heads, or nothing.
  std::optional<std::string> problem_of_heads() const;
};

/// What a GGUF file says. kBadData names the key that is missing, of another type, out of range, or
/// asks for something that none of the three architectures does.
Result<GgufArchitecture> read_architecture(const GgufFile& file);

/// What the text of a config.json says; keys left out have the defaults of transformers.
Result<GgufArchitecture> parse_architecture(std::string_view config, const std::string& place);

/// The config.json of a model, such that transformers opens it.
std::string config_json(const GgufArchitecture& architecture);

/// The keys of a GGUF file, tokenizer and file type left out.
GgufMetadata architecture_metadata(const GgufArchitecture& architecture);

}  // namespace nelumbo

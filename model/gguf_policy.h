// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/gguf.h"
#include "model/gguf_config.h"
#include "model/gguf_parameters.h"
#include "model/gguf_tokenizer.h"
#include "model/hf_config.h"
#include "model/weight_source.h"
#include "model/weights.h"

namespace nelumbo {

/// A language model in a GGUF file, seen as the Hugging Face directory that it was made from.
/// Immutable; tensors stay on disk until they are asked for, so that a caller who converts one
/// after another holds one in memory.
class GgufPolicy {
 public:
  /// Opens a file of the llama, qwen2 or qwen3 architecture. kBadData names what is malformed,
  /// missing, of another shape, left over, or not done by these architectures.
  static Result<GgufPolicy> open(const std::string& path);

  const ModelConfig& config() const { return config_.model; }
  /// Their ids alone; the texts stand in `tokenizer`.
  const ControlTokens& tokens() const { return config_.tokens; }
  const GgufFile& file() const { return file_; }

  /// tokenizer.json and tokenizer_config.json.
  Result<TokenizerDocuments> tokenizer() const;

  /// The tokens that end an answer.
  Result<std::vector<int32_t>> ends() const;

  /// The parameters, in the order of the network; `hf_name` is what `read` asks for.
  const std::vector<GgufParameter>& parameters() const { return parameters_; }

  /// One tensor under its Hugging Face name, in fp32, rows in Hugging Face's order. kBadData when
  /// a value is not finite. REQUIRES: the `hf_name` of one of `parameters`.
  Result<NamedTensor> read(const std::string& hf_name) const;

 private:
  GgufPolicy(GgufFile file, GgufConfig config);

  /// Finds the tensor of every parameter; complains about one that is missing, of another shape or
  /// left over.
  Result<void> match();

  GgufFile file_;
  GgufConfig config_;
  std::vector<GgufParameter> parameters_;
  std::vector<size_t> tensor_of_;             ///< by parameter: its place in the file's tensors
  std::map<std::string, size_t> by_hf_name_;  ///< into parameters_
};

/// What a GGUF file says beside its tensors.
struct GgufDocuments {
  ModelConfig config;
  ControlTokens tokens;          ///< ids, where the tokenizer's documents name none
  TokenizerDocuments tokenizer;  ///< the chat template inside
  std::vector<int32_t> ends;     ///< all tokens that end an answer
};

/// Writes a model as GGUF, as a whole or not at all, and durably. Matrices become `type` (F32, F16,
/// BF16 or Q8_0; F16 where rows are not made of whole blocks), vectors stay F32. `place` of
/// messages is `path`. kBadData where GGUF files hold no models of the architecture, and about a
/// tensor of another shape than the configuration says.
Result<void> write_gguf_policy(const std::string& path, const GgufDocuments& documents,
                               GgufType type, const WeightSource& source);

}  // namespace nelumbo

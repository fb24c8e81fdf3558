// SPDX-License-Identifier: Apache-2.0
//
// Qwen2 and Qwen2.5 (Yang et al., 2024): queries, keys and values have a bias.
#include <nlohmann/json.hpp>

#include "model/decoder_config.h"
#include "model/family.h"

namespace nelumbo {
namespace {

constexpr const char* kTypes[] = {"qwen2"};

void read(const ConfigSection& section, ModelConfig* config) {
  config->decoder = read_decoder(section);
  config->decoder.tie_embeddings = section.flag("tie_word_embeddings", false);
}

nlohmann::ordered_json write(const ModelConfig& config, const ControlTokens& tokens) {
  nlohmann::ordered_json document = decoder_json(config.decoder, tokens);
  document["use_sliding_window"] = false;
  return document;
}

}  // namespace

const Family kQwen2Family{
    "Qwen2ForCausalLM", kTypes, "model.", {.qkv_bias = true, .in_gguf = true}, read, write};

}  // namespace nelumbo

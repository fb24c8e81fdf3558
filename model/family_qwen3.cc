// SPDX-License-Identifier: Apache-2.0
//
// Qwen3 (Yang et al., 2025): no bias, but each head of queries and keys is normed, and heads have a
// size of their own.
#include <nlohmann/json.hpp>

#include "model/decoder_config.h"
#include "model/family.h"

namespace nelumbo {
namespace {

constexpr const char* kTypes[] = {"qwen3"};
constexpr int64_t kUsualHead = 128;

void read(const ConfigSection& section, ModelConfig* config) {
  section.only_value("attention_bias", false);
  config->decoder = read_decoder(section);
  if (section.at("head_dim").is_null())
    config->decoder.head_dim = kUsualHead;
  config->decoder.tie_embeddings = section.flag("tie_word_embeddings", false);
}

nlohmann::ordered_json write(const ModelConfig& config, const ControlTokens& tokens) {
  nlohmann::ordered_json document = decoder_json(config.decoder, tokens);
  document["attention_bias"] = false;
  document["use_sliding_window"] = false;
  return document;
}

}  // namespace

const Family kQwen3Family{
    "Qwen3ForCausalLM", kTypes, "model.", {.qk_norm = true, .in_gguf = true}, read, write};

}  // namespace nelumbo

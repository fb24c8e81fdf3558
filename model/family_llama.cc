// SPDX-License-Identifier: Apache-2.0
//
// Llama (Touvron et al., 2023; Llama 3, 2024), and the models that have its form: SmolLM2.
#include <nlohmann/json.hpp>

#include "model/decoder_config.h"
#include "model/family.h"

namespace nelumbo {
namespace {

constexpr const char* kTypes[] = {"llama"};

void read(const ConfigSection& section, ModelConfig* config) {
  section.only_value("attention_bias", false);
  config->decoder = read_decoder(section);
  config->decoder.tie_embeddings = section.flag("tie_word_embeddings", false);
}

nlohmann::ordered_json write(const ModelConfig& config, const ControlTokens& tokens) {
  nlohmann::ordered_json document = decoder_json(config.decoder, tokens);
  document["attention_bias"] = false;
  document["mlp_bias"] = false;
  return document;
}

}  // namespace

const Family kLlamaFamily{"LlamaForCausalLM", kTypes, "model.", {.in_gguf = true}, read, write};

}  // namespace nelumbo

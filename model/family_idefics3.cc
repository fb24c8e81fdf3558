// SPDX-License-Identifier: Apache-2.0
//
// Idefics3 (Laurençon et al., 2024) and SmolVLM (Marafioti et al., 2025): a SigLIP tower, pixel
// shuffle, a linear connector and a Llama decoder.
#include <nlohmann/json.hpp>

#include "model/decoder_config.h"
#include "model/family.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kTypes[] = {"idefics3", "smolvlm"};
constexpr int64_t kLargestImage = 16384;

VisionConfig vision_of(const ConfigSection& section) {
  VisionConfig config;
  section.only("model_type", {"idefics3", "idefics3_vision", "smolvlm", "smolvlm_vision"});
  section.only("hidden_act", {"gelu_pytorch_tanh"});
  section.only_value("num_channels", 3);
  config.image_size = section.whole("image_size", kLargestImage, 224);
  config.patch_size = section.whole("patch_size", kLargestImage, 32);
  config.hidden_size = section.whole("hidden_size", kWidest, 1152);
  config.intermediate_size = section.whole("intermediate_size", kWidest, 3072);
  config.layers = section.whole("num_hidden_layers", kMostLayers, 12);
  config.heads = section.whole("num_attention_heads", kMostHeads, 16);
  config.layer_norm_eps = section.positive("layer_norm_eps", 1e-6);
  return config;
}

void read(const ConfigSection& section, ModelConfig* config) {
  const ConfigSection text = section.section("text_config");
  text.only("model_type", {"llama"});
  text.only_value("attention_bias", false);
  config->vision = vision_of(section.section("vision_config"));
  config->decoder = read_decoder(text);
  config->decoder.tie_embeddings = section.flag("tie_word_embeddings", false);
  config->scale_factor = section.whole("scale_factor", kLargestImage, 2);
  const int64_t vocabulary = config->decoder.vocab_size;
  if (section.whole("vocab_size", kLargestVocabulary, vocabulary) != vocabulary)
    section.complain("vocab_size differs from text_config.vocab_size");
  const json& image_token = section.at("image_token_id");
  if (!image_token.is_number_unsigned() || image_token >= vocabulary)
    section.complain("image_token_id must be a token id below text_config.vocab_size");
  else
    config->image_token_id = image_token.get<int32_t>();
}

ordered_json vision_json(const VisionConfig& config) {
  return {{"model_type", "idefics3_vision"},
          {"image_size", config.image_size},
          {"patch_size", config.patch_size},
          {"num_channels", 3},
          {"hidden_size", config.hidden_size},
          {"intermediate_size", config.intermediate_size},
          {"num_hidden_layers", config.layers},
          {"num_attention_heads", config.heads},
          {"hidden_act", "gelu_pytorch_tanh"},
          {"layer_norm_eps", config.layer_norm_eps},
          {"attention_dropout", 0.0}};
}

ordered_json text_json(const DecoderConfig& config, const ControlTokens& tokens) {
  ordered_json document{{"model_type", "llama"}, {"architectures", {"LlamaForCausalLM"}}};
  document.update(decoder_json(config, tokens));
  document["attention_bias"] = false;
  document["mlp_bias"] = false;
  return document;
}

ordered_json write(const ModelConfig& config, const ControlTokens& tokens) {
  return {{"image_token_id", config.image_token_id.value_or(0)},
          {"scale_factor", config.scale_factor},
          {"tie_word_embeddings", config.decoder.tie_embeddings},
          {"vocab_size", config.decoder.vocab_size},
          {"bos_token_id", token_json(tokens.begin)},
          {"eos_token_id", token_json(tokens.end)},
          {"pad_token_id", token_json(tokens.padding)},
          {"text_config", text_json(config.decoder, tokens)},
          {"vision_config", vision_json(config.vision)}};
}

}  // namespace

const Family kIdefics3Family{
    "Idefics3ForConditionalGeneration", kTypes, "model.text_model.", {.sees = true}, read, write};

}  // namespace nelumbo

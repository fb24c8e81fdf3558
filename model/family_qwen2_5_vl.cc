// SPDX-License-Identifier: Apache-2.0
//
// Qwen2.5-VL (Bai et al., 2025): a vision tower with windows and a Qwen2 decoder whose rotary
// positions have three axes. Files of transformers 4 say what the decoder is at the top, those of
// transformers 5 in text_config.
#include <nlohmann/json.hpp>

#include "model/decoder_config.h"
#include "model/family.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr const char* kTypes[] = {"qwen2_5_vl"};
constexpr int64_t kLargestSide = 16384;

/// Control tokens where config.json leaves them out, as transformers has them.
constexpr int32_t kStart = 151652, kEnd = 151653, kImage = 151655, kVideo = 151656;

VisionConfig vision_of(const ConfigSection& section, int64_t hidden) {
  VisionConfig config;
  section.only("model_type", {"qwen2_5_vl", "qwen2_5_vl_vision"});
  section.only("hidden_act", {"silu"});
  for (const char* key : {"in_chans", "in_channels"})
    section.only_value(key, 3);
  section.only_value("out_hidden_size", hidden);
  if (!section.at("rope_parameters").is_null())
    section.section("rope_parameters").only_value("rope_theta", 10000.0);
  config.layers = section.whole("depth", kMostLayers, 32);
  config.hidden_size = section.whole("hidden_size", kWidest, 3584);
  config.intermediate_size = section.whole("intermediate_size", kWidest, 3420);
  config.heads = section.whole("num_heads", kMostHeads, 16);
  config.patch_size = section.whole("patch_size", kLargestSide, 14);
  config.layer_norm_eps = 1e-6;
  VisionWindows& windows = config.windows.emplace();
  windows.size = section.whole("window_size", kLargestSide, 112);
  windows.frames = section.whole("temporal_patch_size", kLargestSide, 2);
  windows.whole_layers = section.at("fullatt_block_indexes").is_null()
                             ? std::vector<int64_t>{7, 15, 23, 31}
                             : section.wholes("fullatt_block_indexes", 0, config.layers - 1);
  return config;
}

void read(const ConfigSection& section, ModelConfig* config) {
  const bool nested = !section.at("text_config").is_null();
  const ConfigSection text = nested ? section.section("text_config") : section;
  config->decoder = read_decoder(text);
  if (config->decoder.head_dim)
    text.complain("head_dim must be hidden_size / num_attention_heads");
  config->decoder.tie_embeddings = section.flag("tie_word_embeddings", false);
  const ConfigSection vision = section.section("vision_config");
  config->vision = vision_of(vision, config->decoder.hidden_size);
  config->scale_factor = vision.whole("spatial_merge_size", kLargestSide, 2);
  const int64_t vocabulary = config->decoder.vocab_size;
  VisionWindows& windows = *config->vision.windows;
  windows.start_token = section.token("vision_start_token_id", vocabulary).value_or(kStart);
  windows.end_token = section.token("vision_end_token_id", vocabulary).value_or(kEnd);
  windows.video_token = section.token("video_token_id", vocabulary).value_or(kVideo);
  config->image_token_id = section.token("image_token_id", vocabulary).value_or(kImage);
  if (*config->image_token_id >= vocabulary)
    section.complain("image_token_id must be a token id below vocab_size");
}

ordered_json vision_json(const ModelConfig& config) {
  const VisionConfig& vision = config.vision;
  return {{"model_type", "qwen2_5_vl"},
          {"depth", vision.layers},
          {"hidden_act", "silu"},
          {"hidden_size", vision.hidden_size},
          {"intermediate_size", vision.intermediate_size},
          {"num_heads", vision.heads},
          {"in_chans", 3},
          {"out_hidden_size", config.decoder.hidden_size},
          {"patch_size", vision.patch_size},
          {"spatial_patch_size", vision.patch_size},
          {"spatial_merge_size", config.scale_factor},
          {"temporal_patch_size", vision.frames()},
          {"window_size", vision.windows->size},
          {"fullatt_block_indexes", vision.windows->whole_layers},
          {"tokens_per_second", 2}};
}

ordered_json write(const ModelConfig& config, const ControlTokens& tokens) {
  const VisionWindows& windows = *config.vision.windows;
  ordered_json document = decoder_json(config.decoder, tokens);
  document["use_sliding_window"] = false;
  document["vision_start_token_id"] = windows.start_token;
  document["vision_end_token_id"] = windows.end_token;
  document["image_token_id"] = config.image_token_id.value_or(kImage);
  document["video_token_id"] = windows.video_token;
  document["vision_config"] = vision_json(config);
  return document;
}

}  // namespace

const Family kQwen25VlFamily{"Qwen2_5_VLForConditionalGeneration",
                             kTypes,
                             "model.",
                             {.sees = true, .qkv_bias = true, .mrope = true},
                             read,
                             write};

}  // namespace nelumbo

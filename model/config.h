// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// What tells a vision tower with window attention (Qwen2.5-VL) from the SigLIP form: pictures of
/// any size, rotary positions by row and column, RMSNorm, gated feed-forward layers.
struct VisionWindows {
  int64_t size = 112;                 ///< pixels along each side of a window
  std::vector<int64_t> whole_layers;  ///< layers that attend to the whole picture
  int64_t frames = 2;                 ///< of one patch; a still picture is the same in all
  int32_t start_token = 0, end_token = 0, video_token = 0;  ///< control tokens around pictures
};

/// The shape of a vision tower; without windows of the SigLIP form: square tiles, linear patches,
/// learned positions.
struct VisionConfig {
  int64_t image_size = 96;  ///< pixels along each side of a tile; means nothing with windows
  int64_t patch_size = 8;
  int64_t hidden_size = 96;
  int64_t intermediate_size = 384;
  int64_t layers = 3;
  int64_t heads = 4;
  double layer_norm_eps = 1e-6;
  std::optional<VisionWindows> windows = std::nullopt;

  int64_t side() const { return image_size / patch_size; }  ///< patches along each side of a tile
  int64_t frames() const { return windows ? windows->frames : 1; }

  template <class V>
  void fields(V& v) {
    v(image_size, "image_size", "Pixels along each side of a picture.", Between{1, 4096});
    v(patch_size, "patch_size", "Pixels along each side of a patch.", Positive{});
    v(hidden_size, "hidden_size", "Width of the vision tower.", Between{1, 16384});
    v(intermediate_size, "intermediate_size", "Width of its feed-forward layers.",
      Between{1, 65536});
    v(layers, "layers", "Its layers.", Positive{});
    v(heads, "heads", "Its attention heads.", Positive{});
    v(layer_norm_eps, "layer_norm_eps", "Added to a variance.", Positive{});
  }
};

/// How rotary angles are stretched beyond the positions that a model was first trained on.
struct RopeScaling {
  enum class Kind { kLinear, kLlama3 };
  Kind kind = Kind::kLinear;
  double factor = 1;         ///< frequencies are divided by it; kLlama3: the slow ones alone
  double low = 1, high = 4;  ///< kLlama3: turns within `original_positions` that are slow, fast
  int64_t original_positions = 0;  ///< kLlama3
};

/// The shape of a Llama-style decoder.
struct DecoderConfig {
  int64_t vocab_size = 0;  ///< set from the tokenizer
  int64_t hidden_size = 128;
  int64_t intermediate_size = 384;
  int64_t layers = 3;
  int64_t heads = 4;
  int64_t kv_heads = 4;
  int64_t max_positions = 2048;
  double rope_theta = 10000;
  double rms_norm_eps = 1e-5;
  bool tie_embeddings = true;
  std::optional<int64_t> head_dim;  ///< where it is not hidden_size / heads
  bool qkv_bias = false;            ///< queries, keys and values have one
  bool qk_norm = false;             ///< each head of queries and keys is normed (Qwen3)
  std::optional<RopeScaling> rope_scaling;
  std::vector<int64_t> rope_sections;  ///< pairs of a head that follow each axis; none: one axis

  int64_t rope_axes() const {
    return rope_sections.empty() ? 1 : static_cast<int64_t>(rope_sections.size());
  }
  int64_t head_size() const { return head_dim.value_or(hidden_size / heads); }

  template <class V>
  void fields(V& v) {
    v(hidden_size, "hidden_size", "Width of the decoder.", Between{1, 16384});
    v(intermediate_size, "intermediate_size", "Width of its feed-forward layers.",
      Between{1, 65536});
    v(layers, "layers", "Its layers.", Positive{});
    v(heads, "heads", "Its attention heads.", Positive{});
    v(kv_heads, "kv_heads", "Its key-value heads.", Positive{});
    v(max_positions, "max_positions", "Longest sequence.", Positive{});
    v(rope_theta, "rope_theta", "Base of the rotary angles.", Positive{});
    v(rms_norm_eps, "rms_norm_eps", "Added to a mean square.", Positive{});
    v(tie_embeddings, "tie_embeddings", "Use the token embedding as the head.");
  }
};

/// The shape of a policy. What is trained from nothing is of the SmolVLM / Idefics3 family.
struct ModelConfig {
  std::string architecture = "Idefics3ForConditionalGeneration";  ///< as in model/family.h
  bool sees = true;  ///< has a vision tower; the fields about pictures say nothing if not
  VisionConfig vision;
  DecoderConfig decoder;
  int64_t scale_factor = 2;  ///< pixel shuffle joins scale_factor^2 patches into one token
  std::optional<int32_t> image_token_id;  ///< stands for pictures; set from the tokenizer

  /// Pixels along each side of the square of a picture that one token stands for.
  int64_t token_side() const { return scale_factor * vision.patch_size; }

  /// Tokens that one tile takes, which is all that policies of ours see of a picture.
  int64_t image_tokens() const {
    const int64_t side = vision.image_size / token_side();
    return side * side;
  }

  template <class V>
  void fields(V& v) {
    v(vision, "vision", "The vision tower.");
    v(decoder, "decoder", "The decoder.");
    v(scale_factor, "scale_factor", "Patches joined into one token, along each side.", Positive{});
  }

  Result<void> validate() const {
    const auto multiple = [](const char* key, int64_t value, const char* of,
                             int64_t divisor) -> Result<void> {
      if (value % divisor == 0)
        return {};
      return Error{Errc::kInvalidConfig, std::string(key) + ": is " + std::to_string(value) +
                                             ", must be a multiple of " + of + " (" +
                                             std::to_string(divisor) + ")"};
    };
    const int64_t whole_heads = decoder.head_dim ? decoder.heads : decoder.hidden_size;
    for (const Result<void>& fits :
         {multiple("decoder.hidden_size", whole_heads, "decoder.heads", decoder.heads),
          multiple("decoder.heads", decoder.heads, "decoder.kv_heads", decoder.kv_heads),
          multiple("decoder.hidden_size", decoder.head_size(), "2, in each head", 2)})
      if (!fits)
        return fits;
    const int64_t pairs =
        std::accumulate(decoder.rope_sections.begin(), decoder.rope_sections.end(), int64_t{0});
    if (!decoder.rope_sections.empty() && pairs != decoder.head_size() / 2)
      return Error{Errc::kInvalidConfig, "decoder.rope_sections: are " + std::to_string(pairs) +
                                             " pairs in all, a head has " +
                                             std::to_string(decoder.head_size() / 2)};
    if (!sees)
      return {};
    const int64_t side = vision.windows ? vision.windows->size : vision.image_size;
    const char* sized = vision.windows ? "vision.window_size" : "vision.image_size";
    // A head of rotary positions has pairs for rows and as many for columns.
    const int64_t parts = vision.windows ? 4 * vision.heads : vision.heads;
    for (const Result<void>& fits :
         {multiple(sized, side, "vision.patch_size", vision.patch_size),
          multiple(sized, side / vision.patch_size, "scale_factor, in patches,", scale_factor),
          multiple("vision.hidden_size", vision.hidden_size,
                   vision.windows ? "4 vision.heads" : "vision.heads", parts)})
      if (!fits)
        return fits;
    return {};
  }
};

}  // namespace nelumbo

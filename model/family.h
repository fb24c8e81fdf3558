// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "model/config.h"
#include "model/config_section.h"
#include "model/hf_config.h"

namespace nelumbo {

/// What every model of a family has, or none.
struct FamilyTraits {
  bool sees = false;      ///< a vision tower
  bool qkv_bias = false;  ///< as in DecoderConfig
  bool qk_norm = false;   ///< as in DecoderConfig
  bool mrope = false;     ///< rotary positions have three axes: time, height, width
  bool in_gguf = false;   ///< GGUF files hold such models, under the first of `model_types`
};

/// What tells one architecture of Hugging Face from the others. To add one: a file that defines its
/// `Family`, and a line in family.cc.
struct Family {
  const char* architecture;                  ///< "LlamaForCausalLM"
  std::span<const char* const> model_types;  ///< the names that config.json may give it, ours first
  const char* decoder_root;                  ///< what the decoder's tensor names begin with
  FamilyTraits traits;
  /// Fills in what config.json says beyond the traits; complaints stay in the section.
  void (*read)(const ConfigSection& section, ModelConfig* config);
  /// The config.json that `read` turns into the same configuration.
  nlohmann::ordered_json (*write)(const ModelConfig& config, const ControlTokens& tokens);
};

/// All that are supported.
std::span<const Family* const> families();
/// The family of an architecture, or of a model_type; null if none.
const Family* find_family(std::string_view architecture);
const Family* find_family_of_type(std::string_view model_type);

/// Puts the architecture and the traits of a family into a configuration.
void set_traits(const Family& family, ModelConfig* config);

extern const Family kIdefics3Family, kLlamaFamily, kQwen2Family, kQwen25VlFamily, kQwen3Family;

}  // namespace nelumbo

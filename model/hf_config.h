// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/config.h"

namespace nelumbo {

/// Reads the `config.json` of a model of any family of model/family.h. kBadData names the key that
/// is missing, out of range or asks for something that the network does not do, and what is
/// supported in its place. A key left out has the default of transformers.
Result<ModelConfig> read_hf_config(const std::string& path);
/// The same of its text; messages begin with `place`.
Result<ModelConfig> parse_hf_config(std::string_view text, const std::string& place);

/// A control token, by text and id; without an id there is none.
struct ControlToken {
  std::string text;
  std::optional<int32_t> id;
};

/// The tokens that generation begins with, ends at, and fills batches with.
struct ControlTokens {
  ControlToken begin, end, padding;
};

/// The ids of the control tokens that a config.json names, of several the first; no texts. kBadData
/// names the key.
Result<ControlTokens> parse_control_tokens(std::string_view text, const std::string& place);

/// kBadData where a config.json, or generation_config.json, names a token that begins or ends and
/// is no id below `tokens`.
Result<void> check_control_tokens(std::string_view text, int64_t tokens, const std::string& place);

// The documents of a model directory, such that transformers opens it as
// Idefics3ForConditionalGeneration (`AutoModelForImageTextToText`, `AutoProcessor`).

/// `config.json`; `read_hf_config` gives the same configuration back.
std::string hf_config_json(const ModelConfig& config, const ControlTokens& tokens);
/// `generation_config.json`; `ends` are the tokens that end an answer, as `read_end_tokens` gives
/// them.
std::string generation_config_json(const ControlTokens& tokens, const std::vector<int32_t>& ends);
/// `preprocessor_config.json`: a picture is stretched to one square tile (bilinear) and scaled to
/// [-1, 1], as `resize` and `to_picture` do.
std::string preprocessor_config_json(const ModelConfig& config);
/// `processor_config.json`: how many tokens a picture takes.
std::string processor_config_json(const ModelConfig& config);
/// `tokenizer_config.json`; `chat_template` is a Jinja template over `messages`.
std::string tokenizer_config_json(const ModelConfig& config, const ControlTokens& tokens,
                                  const std::string& chat_template);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "model/config.h"
#include "model/config_section.h"
#include "model/hf_config.h"

namespace nelumbo {

// What no model exceeds; more is a mistake or an attack.
constexpr int64_t kMostLayers = 1000;
constexpr int64_t kMostHeads = 1000;
constexpr int64_t kWidest = 1'000'000;
constexpr int64_t kLargestVocabulary = 10'000'000;
constexpr int64_t kMostPositions = 100'000'000;

/// What the config.json of every Llama-style decoder says alike: sizes, norms, rotary positions
/// (default, linear, llama3 or mrope; transformers 5 writes rope_parameters, earlier ones
/// rope_theta and rope_scaling). Whether weights are tied, biases, norms of heads and the
/// model_type are left to the caller. Complaints stay in the section.
DecoderConfig read_decoder(const ConfigSection& section);

/// The id as config.json says it. Null where there is none: a key left out would have a default of
/// transformers, which is some other model's token.
nlohmann::ordered_json token_json(const ControlToken& token);

/// The same keys again, as transformers 4 and 5 read them.
nlohmann::ordered_json decoder_json(const DecoderConfig& config, const ControlTokens& tokens);

}  // namespace nelumbo

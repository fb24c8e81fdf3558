// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/file.h"
#include "model/engine_ops.h"
#include "model/hf_config.h"
#include "model/network.h"
#include "model/weights.h"

namespace nelumbo {

/// The text models of tests/data/models.
inline constexpr const char* kTextModels[] = {"llama_tied", "llama_untied_sharded_rope_llama3",
                                              "qwen2_bf16", "qwen3"};

/// The vision-language models.
inline constexpr const char* kVisionModels[] = {"smolvlm", "qwen2_5_vl"};

inline std::string parity_folder(const std::string& model) {
  return std::string(NELUMBO_SOURCE_DIR) + "/tests/data/models/" + model;
}

inline nlohmann::json parity_json(const std::string& model, const std::string& file) {
  const auto text = read_file(parity_folder(model) + "/" + file, 10'000'000);
  NELUMBO_CHECK(text.ok()) << text.error().message;
  return nlohmann::json::parse(text.value());
}

/// A model of tests/data/models, opened.
struct ParityModel {
  Network network;
  std::shared_ptr<const WeightSet> weights;

  explicit ParityModel(const std::string& name) {
    const auto config = read_hf_config(parity_folder(name) + "/config.json");
    NELUMBO_CHECK(config.ok()) << config.error().message;
    network = make_network(config.value());
    auto read = read_weights(parity_folder(name));
    NELUMBO_CHECK(read.ok()) << read.error().message;
    auto arranged = arrange_weights(network, std::move(read).value());
    NELUMBO_CHECK(arranged.ok()) << arranged.error().message;
    weights = std::make_shared<const WeightSet>(std::move(arranged).value());
  }
};

}  // namespace nelumbo

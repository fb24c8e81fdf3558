// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/gguf_architecture.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const char* const kConfig = R"({"model_type": "llama", "vocab_size": 10, "hidden_size": 8,
    "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-05,
    "rope_theta": 500000.0, "tie_word_embeddings": true, "eos_token_id": [3, 4]})";

json with(const json& changes) {
  json config = json::parse(kConfig);
  config.update(changes);
  return config;
}

std::string refusal(const json& changes) {
  const auto made = parse_architecture(with(changes).dump(), "c");
  return made.ok() ? "accepted" : made.error().message;
}

TEST(GgufConfig, ReadsAConfigurationOfEitherStyle) {
  const auto old = parse_architecture(kConfig, "c");
  ASSERT_TRUE(old.ok()) << old.error().message;
  EXPECT_EQ(old.value().head_size, 4);
  EXPECT_EQ(old.value().rope_theta, 500000);
  EXPECT_EQ(old.value().end_id, 3);
  EXPECT_TRUE(old.value().tied);
  const auto recent = parse_architecture(with({{"rope_parameters",
                                                {{"rope_type", "llama3"},
                                                 {"rope_theta", 7.0},
                                                 {"factor", 8.0},
                                                 {"low_freq_factor", 1.0},
                                                 {"high_freq_factor", 4.0},
                                                 {"original_max_position_embeddings", 16}}}})
                                             .dump(),
                                         "c");
  ASSERT_TRUE(recent.ok()) << recent.error().message;
  EXPECT_EQ(recent.value().rope_theta, 7);
  EXPECT_EQ(std::get<Llama3Scaling>(recent.value().scaling).original_positions, 16);
}

TEST(GgufConfig, WhatIsWrittenReadsBack) {
  for (const json& changes :
       {json::object(), json{{"model_type", "qwen2"}}, json{{"model_type", "qwen3"}},
        json{{"rope_scaling", {{"type", "linear"}, {"factor", 2.0}}}},
        json{{"rope_scaling", {{"rope_type", "yarn"}, {"factor", 4.0}}}},
        json{{"attention_bias", true}, {"mlp_bias", true}, {"head_dim", 6}}}) {
    const auto first = parse_architecture(with(changes).dump(), "c");
    ASSERT_TRUE(first.ok()) << first.error().message;
    const std::string text = config_json(first.value());
    const auto second = parse_architecture(text, "c");
    ASSERT_TRUE(second.ok()) << second.error().message;
    EXPECT_EQ(config_json(second.value()), text);
  }
}

TEST(GgufConfig, NamesTheFieldOfAConfigurationThatMakesNoSense) {
  EXPECT_EQ(refusal({{"model_type", "gemma"}}),
            "c: model_type: must be one of llama, qwen2, qwen3, not \"gemma\"");
  EXPECT_EQ(refusal({{"hidden_size", 0}}),
            "c: hidden_size: must be a whole number from 1 to 1000000, not 0");
  EXPECT_EQ(refusal({{"num_hidden_layers", 1000000000}}),
            "c: num_hidden_layers: must be a whole number from 1 to 1000, not 1000000000");
  EXPECT_EQ(refusal({{"num_key_value_heads", 3}}),
            "c: num_attention_heads: its 2 heads cannot share 3 key and value heads");
  EXPECT_EQ(refusal({{"head_dim", 5}}),
            "c: num_attention_heads: a head of 5 values has no two halves to rotate");
  EXPECT_EQ(refusal({{"hidden_act", "gelu"}}),
            "c: hidden_act: must be \"silu\", as nothing else is supported, not \"gelu\"");
  EXPECT_EQ(refusal({{"eos_token_id", 10}}),
            "c: eos_token_id: must be a token id below 10, not 10");
  EXPECT_EQ(refusal({{"rope_scaling", {{"rope_type", "dynamic"}}}}),
            "c: rope_scaling: rope_type: must be one of default, linear, yarn, llama3, not "
            "\"dynamic\"");
  EXPECT_EQ(refusal({{"rope_scaling", 3}}), "c: rope_scaling: must be an object, not 3");
  EXPECT_FALSE(parse_architecture("[]", "c").ok());
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/decoder_config.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

json small() {
  return {{"vocab_size", 300},
          {"hidden_size", 64},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"intermediate_size", 96}};
}

DecoderConfig read(const json& document, std::string* complaint) {
  const json parsed = json::parse(document.dump());  // a literal's numbers are signed, a file's not
  std::optional<std::string> said;
  const DecoderConfig config = read_decoder(ConfigSection(parsed, said));
  *complaint = said.value_or("");
  return config;
}

TEST(DecoderConfig, ReadsRotaryScalingOfBothFormsOfTransformers) {
  const json llama3{{"rope_type", "llama3"},
                    {"factor", 8.0},
                    {"low_freq_factor", 1.0},
                    {"high_freq_factor", 4.0},
                    {"original_max_position_embeddings", 128}};
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    json document = small();
    document[key] = llama3;
    std::string complaint;
    const DecoderConfig config = read(document, &complaint);
    EXPECT_EQ(complaint, "") << key;
    ASSERT_TRUE(config.rope_scaling) << key;
    EXPECT_EQ(config.rope_scaling->factor, 8);
    EXPECT_EQ(config.rope_scaling->kind, RopeScaling::Kind::kLlama3);
    const json again = decoder_json(config, {});
    EXPECT_EQ(again["rope_scaling"], llama3);
  }
  json document = small();
  document["rope_scaling"] = {{"type", "linear"}, {"factor", 2}};
  std::string complaint;
  EXPECT_EQ(read(document, &complaint).rope_scaling->factor, 2);
}

TEST(DecoderConfig, RefusesScalingThatItCannotFollow) {
  json document = small();
  document["rope_scaling"] = {{"rope_type", "yarn"}, {"factor", 4}};
  std::string complaint;
  read(document, &complaint);
  EXPECT_EQ(complaint,
            "rope_scaling.rope_type \"yarn\" is not supported; supported: default, linear, llama3");
  document["rope_scaling"] = {{"rope_type", "llama3"}, {"factor", 4}};
  read(document, &complaint);
  EXPECT_EQ(complaint, "rope_scaling.low_freq_factor must be a number > 0, not missing");
}

TEST(DecoderConfig, KeepsAHeadSizeOnlyWhereItIsOneOfItsOwn) {
  json document = small();
  document["head_dim"] = 16;
  std::string complaint;
  EXPECT_FALSE(read(document, &complaint).head_dim);
  document["head_dim"] = 32;
  EXPECT_EQ(read(document, &complaint).head_dim, 32);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/family.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(LlamaFamily, ReadsRotaryScalingAndTiedWeights) {
  const auto scaled =
      read_hf_config(parity_folder("llama_untied_sharded_rope_llama3") + "/config.json");
  ASSERT_TRUE(scaled.ok()) << scaled.error().message;
  EXPECT_EQ(scaled.value().architecture, "LlamaForCausalLM");
  EXPECT_FALSE(scaled.value().sees);
  EXPECT_FALSE(scaled.value().decoder.tie_embeddings);
  ASSERT_TRUE(scaled.value().decoder.rope_scaling);
  EXPECT_EQ(scaled.value().decoder.rope_scaling->original_positions, 128);
  const auto tied = read_hf_config(parity_folder("llama_tied") + "/config.json");
  ASSERT_TRUE(tied.ok()) << tied.error().message;
  EXPECT_TRUE(tied.value().decoder.tie_embeddings);
  EXPECT_EQ(tied.value().decoder.rope_theta, 100000);
}

TEST(LlamaFamily, RefusesBiases) {
  std::optional<std::string> complaint;
  nlohmann::json document = parity_json("llama_tied", "config.json");
  document["attention_bias"] = true;
  ModelConfig config;
  kLlamaFamily.read(ConfigSection(document, complaint), &config);
  EXPECT_EQ(complaint, "attention_bias true is not supported; supported: false");
}

}  // namespace
}  // namespace nelumbo

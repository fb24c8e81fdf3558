// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_architecture.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/gguf_writer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const char* const kConfig = R"({"model_type": "llama", "vocab_size": 10, "hidden_size": 8,
    "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-05,
    "rope_theta": 500000.0, "tie_word_embeddings": true, "eos_token_id": [3, 4]})";

/// A GGUF file of these keys and an embedding of 10 rows.
class GgufArchitectureFile : public testing::Test {
 protected:
  GgufArchitectureFile() {
    metadata_ = architecture_metadata(parse_architecture(kConfig, "c").value());
    tensors_ = {{"token_embd.weight", {10, 8}, GgufType::kF32}};
  }
  ~GgufArchitectureFile() override { std::filesystem::remove(path_); }

  void set(const std::string& key, GgufValue value) {
    std::erase_if(metadata_, [&](const auto& entry) { return entry.first == key; });
    metadata_.emplace_back(key, std::move(value));
  }
  Result<GgufArchitecture> read(const std::vector<float>& divisors = {}) const {
    auto tensors = tensors_;
    if (!divisors.empty())
      tensors.push_back({"rope_freqs.weight", {std::ssize(divisors)}, GgufType::kF32});
    const auto done = write_gguf(path_, metadata_, tensors, [&](const GgufPlan& plan) {
      return plan.shape.size() == 1 ? divisors : std::vector<float>(80, 0);
    });
    EXPECT_TRUE(done.ok()) << done.error().message;
    return read_architecture(GgufFile::open(path_).value());
  }
  std::string refusal(const std::vector<float>& divisors = {}) const {
    const auto made = read(divisors);
    return made.ok() ? "accepted" : made.error().message.substr(path_.size() + 2);
  }

  GgufMetadata metadata_;
  std::vector<GgufPlan> tensors_;
  const std::string path_ = testing::TempDir() + "gguf_architecture_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(GgufArchitectureFile, KeysAndTensorsBecomeAConfiguration) {
  const auto read_back = read();
  ASSERT_TRUE(read_back.ok()) << read_back.error().message;
  const json config = json::parse(config_json(read_back.value()));
  for (const char* key : {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                          "num_attention_heads", "num_key_value_heads", "max_position_embeddings",
                          "rms_norm_eps", "rope_theta", "tie_word_embeddings"})
    EXPECT_EQ(config[key], json::parse(kConfig)[key]) << key;
  EXPECT_EQ(config["rope_scaling"], nullptr);
  EXPECT_EQ(config["eos_token_id"], nullptr);
}

TEST_F(GgufArchitectureFile, WhatTensorsAreThereSaysTyingAndBiases) {
  tensors_.push_back({"output.weight", {10, 8}, GgufType::kF32});
  tensors_.push_back({"blk.0.attn_q.bias", {10, 8}, GgufType::kF32});
  const auto read_back = read();
  ASSERT_TRUE(read_back.ok()) << read_back.error().message;
  EXPECT_FALSE(read_back.value().tied);
  EXPECT_TRUE(read_back.value().attention_bias);
}

TEST_F(GgufArchitectureFile, DivisorsOfRotaryFrequenciesBecomeTheirParameters) {
  const Llama3Scaling scaling{8, 1, 4, 8};
  const auto read_back = read(llama3_divisors(scaling, 500000, 4));
  ASSERT_TRUE(read_back.ok()) << read_back.error().message;
  const auto& found = std::get<Llama3Scaling>(read_back.value().scaling);
  EXPECT_EQ(llama3_divisors(found, 500000, 4), llama3_divisors(scaling, 500000, 4));
  EXPECT_EQ(read({1, 1}).value().scaling.index(), 0U);
  EXPECT_EQ(refusal({1, 1, 8}), "tensor \"rope_freqs.weight\": has 3 values, not 2");
  EXPECT_EQ(refusal({8, 1}), "tensor \"rope_freqs.weight\": is no scaling of the kind llama3");
}

TEST_F(GgufArchitectureFile, ScalingByKeysIsKept) {
  set("llama.rope.scaling.type", GgufValue::text("yarn"));
  set("llama.rope.scaling.factor", GgufValue::real(4));
  EXPECT_EQ(std::get<YarnScaling>(read().value().scaling).original_positions, 64);
  EXPECT_EQ(refusal({1, 8}), "llama.rope.scaling.type: must be none beside rope_freqs.weight");
  set("llama.rope.scaling.type", GgufValue::text("longrope"));
  EXPECT_EQ(refusal(),
            "llama.rope.scaling.type: must be one of none, linear, yarn, not \"longrope\"");
}

TEST_F(GgufArchitectureFile, NamesTheKeyThatMakesNoSense) {
  set("llama.rope.dimension_count", GgufValue::natural(2));
  EXPECT_EQ(refusal(), "llama.rope.dimension_count: must be the size of a head, 4, not 2");
  set("llama.rope.dimension_count", GgufValue::natural(4));
  set("llama.expert_count", GgufValue::natural(8));
  EXPECT_EQ(refusal(), "llama.expert_count: must be 0, as nothing else is supported, not 8");
  set("llama.expert_count", GgufValue::natural(0));
  EXPECT_EQ(refusal(), "accepted");
  set("llama.vocab_size", GgufValue::natural(11));
  EXPECT_EQ(refusal(), "llama.vocab_size: must be the rows of token_embd.weight, 10, not 11");
  set("llama.block_count", GgufValue::text("two"));
  EXPECT_EQ(refusal(), "llama.block_count: must be a whole number from 1 to 1000, not \"two\"");
  set("general.type", GgufValue::text("adapter"));
  EXPECT_EQ(refusal(),
            "general.type: must be \"model\", as nothing else is supported, not \"adapter\"");
  set("general.architecture", GgufValue::text("gemma"));
  EXPECT_EQ(refusal(), "general.architecture: must be one of llama, qwen2, qwen3, not \"gemma\"");
}

TEST_F(GgufArchitectureFile, AnEmbeddingMustBeThere) {
  tensors_[0].name = "other.weight";
  EXPECT_EQ(refusal(),
            "llama.block_count: there is no tensor \"token_embd.weight\" of 2 dimensions");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_config.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/family.h"
#include "model/gguf_rope.h"
#include "model/gguf_writer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const char* const kConfig = R"({"model_type": "llama", "vocab_size": 10, "hidden_size": 8,
    "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
    "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-05,
    "rope_theta": 500000.0, "tie_word_embeddings": true, "eos_token_id": [3, 4]})";

/// A GGUF file of these keys and an embedding of 10 rows.
class GgufConfigFile : public testing::Test {
 protected:
  GgufConfigFile() {
    metadata_ = gguf_config_metadata(parse_hf_config(kConfig, "c").value());
    tensors_ = {{"token_embd.weight", {10, 8}, GgufType::kF32}};
  }
  ~GgufConfigFile() override { std::filesystem::remove(path_); }

  void set(const std::string& key, GgufValue value) {
    std::erase_if(metadata_, [&](const auto& entry) { return entry.first == key; });
    metadata_.emplace_back(key, std::move(value));
  }
  Result<GgufConfig> read(const std::vector<float>& divisors = {}) const {
    auto tensors = tensors_;
    if (!divisors.empty())
      tensors.push_back({"rope_freqs.weight", {std::ssize(divisors)}, GgufType::kF32});
    const auto done = write_gguf(path_, metadata_, tensors, [&](const GgufPlan& plan) {
      return plan.shape.size() == 1 ? divisors : std::vector<float>(80, 0);
    });
    EXPECT_TRUE(done.ok()) << done.error().message;
    return read_gguf_config(GgufFile::open(path_).value());
  }
  std::string refusal(const std::vector<float>& divisors = {}) const {
    const auto made = read(divisors);
    return made.ok() ? "accepted" : made.error().message.substr(path_.size() + 2);
  }

  GgufMetadata metadata_;
  std::vector<GgufPlan> tensors_;
  const std::string path_ = testing::TempDir() + "gguf_config_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(GgufConfigFile, KeysAndTensorsBecomeAConfiguration) {
  const auto read_back = read();
  ASSERT_TRUE(read_back.ok()) << read_back.error().message;
  const json config =
      json::parse(hf_config_json(read_back.value().model, read_back.value().tokens));
  for (const char* key : {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                          "num_attention_heads", "num_key_value_heads", "max_position_embeddings",
                          "rms_norm_eps", "rope_theta", "tie_word_embeddings"})
    EXPECT_EQ(config[key], json::parse(kConfig)[key]) << key;
  EXPECT_EQ(config["rope_scaling"], nullptr);
  EXPECT_EQ(config["eos_token_id"], nullptr);
}

TEST_F(GgufConfigFile, WhatTensorsAreThereSaysTying) {
  EXPECT_TRUE(read().value().model.decoder.tie_embeddings);
  tensors_.push_back({"output.weight", {10, 8}, GgufType::kF32});
  EXPECT_FALSE(read().value().model.decoder.tie_embeddings);
}

TEST_F(GgufConfigFile, TheFamilySaysBiasesAndNorms) {
  for (const Family* family : {&kLlamaFamily, &kQwen2Family, &kQwen3Family}) {
    ModelConfig config = parse_hf_config(kConfig, "c").value();
    set_traits(*family, &config);
    config.decoder.head_dim = 6;
    metadata_ = gguf_config_metadata(config);
    const auto read_back = read();
    ASSERT_TRUE(read_back.ok()) << read_back.error().message;
    EXPECT_EQ(read_back.value().model.architecture, family->architecture);
    EXPECT_EQ(read_back.value().model.decoder.qkv_bias, family == &kQwen2Family);
    EXPECT_EQ(read_back.value().model.decoder.qk_norm, family == &kQwen3Family);
    EXPECT_EQ(read_back.value().model.decoder.head_size(), 6);
  }
}

TEST_F(GgufConfigFile, DivisorsOfRotaryFrequenciesBecomeTheirParameters) {
  const RopeScaling scaling{RopeScaling::Kind::kLlama3, 8, 1, 4, 8};
  const auto read_back = read(llama3_divisors(scaling, 500000, 4));
  ASSERT_TRUE(read_back.ok()) << read_back.error().message;
  const RopeScaling& found = read_back.value().model.decoder.rope_scaling.value();
  EXPECT_EQ(llama3_divisors(found, 500000, 4), llama3_divisors(scaling, 500000, 4));
  EXPECT_FALSE(read({1, 1}).value().model.decoder.rope_scaling);
  EXPECT_EQ(refusal({1, 1, 8}), "tensor \"rope_freqs.weight\": has 3 values, not 2");
  EXPECT_EQ(refusal({8, 1}), "tensor \"rope_freqs.weight\": is no scaling of the kind llama3");
}

TEST_F(GgufConfigFile, LinearScalingIsKeptAndAnotherRefused) {
  set("llama.rope.scaling.type", GgufValue::text("linear"));
  set("llama.rope.scaling.factor", GgufValue::real(4));
  const auto read_back = read();
  ASSERT_TRUE(read_back.ok()) << read_back.error().message;
  EXPECT_EQ(read_back.value().model.decoder.rope_scaling->factor, 4);
  EXPECT_EQ(refusal({1, 8}),
            "rope.scaling.type must be none beside the tensor \"rope_freqs.weight\"");
  const GgufMetadata again = gguf_config_metadata(read_back.value().model);
  EXPECT_EQ(find(again, "llama.rope.scaling.type")->as_text(), "linear");
  set("llama.rope.scaling.type", GgufValue::text("yarn"));
  EXPECT_EQ(refusal(),
            "llama.rope.scaling.type \"yarn\" is not supported; supported: none, linear");
}

TEST_F(GgufConfigFile, TokensThatTheFileNamesAreKnown) {
  set("tokenizer.ggml.eos_token_id", GgufValue::natural(9));
  EXPECT_EQ(read().value().tokens.end.id, 9);
  EXPECT_EQ(read().value().tokens.begin.id, std::nullopt);
  set("tokenizer.ggml.eos_token_id", GgufValue::natural(10));
  EXPECT_EQ(refusal(), "tokenizer.ggml.eos_token_id must be a token id below 10, not 10");
}

TEST_F(GgufConfigFile, NamesTheKeyThatMakesNoSense) {
  set("llama.rope.dimension_count", GgufValue::natural(2));
  EXPECT_EQ(refusal(), "llama.rope.dimension_count 2 is not supported; supported: 4");
  set("llama.rope.dimension_count", GgufValue::natural(4));
  set("llama.expert_count", GgufValue::natural(8));
  EXPECT_EQ(refusal(), "llama.expert_count 8 is not supported; supported: 0");
  set("llama.expert_count", GgufValue::real(0));
  EXPECT_EQ(refusal(), "accepted");
  set("llama.attention.head_count_kv", GgufValue::natural(3));
  EXPECT_EQ(refusal(), "decoder.heads: is 2, must be a multiple of decoder.kv_heads (3)");
  set("llama.attention.head_count_kv", GgufValue::natural(1));
  set("llama.vocab_size", GgufValue::natural(11));
  EXPECT_EQ(refusal(), "llama.vocab_size 11 is not supported; supported: 10");
  set("llama.block_count", GgufValue::text("two"));
  EXPECT_EQ(refusal(), "llama.block_count must be a whole number from 1 to 1000, not \"two\"");
  set("general.type", GgufValue::text("adapter"));
  EXPECT_EQ(refusal(), "general.type \"adapter\" is not supported; supported: model");
}

TEST_F(GgufConfigFile, NamesAnArchitectureThatIsNotSupported) {
  set("general.architecture", GgufValue::text("gemma"));
  EXPECT_EQ(refusal(),
            "general.architecture \"gemma\" is not supported; supported: llama, qwen2, qwen3");
  set("general.architecture", GgufValue::text("idefics3"));
  EXPECT_NE(refusal(), "accepted");
  set("general.architecture", GgufValue::text("\xFF"));
  EXPECT_NE(refusal(), "accepted");
}

TEST_F(GgufConfigFile, AnEmbeddingMustBeThere) {
  tensors_[0].name = "other.weight";
  EXPECT_EQ(refusal(), "there is no tensor \"token_embd.weight\" of 2 dimensions");
}

}  // namespace
}  // namespace nelumbo

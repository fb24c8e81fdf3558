// SPDX-License-Identifier: Apache-2.0
#include "apps/hf_directory.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/materials.h"
#include "apps/policy.h"
#include "model/network.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

ModelConfig small_shape() {
  ModelConfig config;
  config.vision.image_size = 16;
  config.vision.hidden_size = config.decoder.hidden_size = 8;
  config.vision.intermediate_size = config.decoder.intermediate_size = 8;
  config.vision.layers = config.decoder.layers = 1;
  config.vision.heads = config.decoder.heads = config.decoder.kv_heads = 2;
  config.decoder.rope_theta = 5000;
  return config;
}

/// Writes an untrained policy and gives back what was written.
class HfDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    config_ = small_shape();
    Result<Tokenizer> tokenizer = new_tokenizer({});
    ASSERT_TRUE(tokenizer.ok());
    Result<Dialogue> dialogue = Dialogue::create(tokenizer.value(), config_.image_tokens());
    ASSERT_TRUE(dialogue.ok());
    config_.decoder.vocab_size = tokenizer.value().size();
    config_.image_token_id = dialogue.value().image();
    weights_ = initial_weights(make_network(config_), 3);
    const auto written = write_hf_directory(folder_.path(), config_, dialogue.value(), weights_);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  void edit_config(const char* key, const json& value) {
    json config = json::parse(slurp(folder_ / "config.json"));
    config[key] = value;
    put_file(folder_ / "config.json", config.dump());
  }

  TemporaryFolder folder_;
  ModelConfig config_;
  WeightSet weights_;
};

TEST_F(HfDirectoryTest, ReadsBackWhatItWrote) {
  const auto read = open_policy(folder_.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(weights_hash(*open_model(folder_.path()).value().weights), weights_hash(weights_));
  const ModelConfig& config = read.value().network.config;
  EXPECT_EQ(config.decoder.rope_theta, 5000);
  EXPECT_EQ(config.image_token_id, config_.image_token_id);
  EXPECT_EQ(config.image_tokens(), config_.image_tokens());
  EXPECT_EQ(read.value().dialogue->tokenizer().size(), config_.decoder.vocab_size);
}

TEST_F(HfDirectoryTest, HasEveryFileThatTransformersLooksFor) {
  for (const char* name :
       {"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "preprocessor_config.json", "processor_config.json", "model.safetensors"})
    EXPECT_TRUE(std::filesystem::exists(folder_ / name)) << name;
  EXPECT_EQ(json::parse(slurp(folder_ / "config.json"))["architectures"][0],
            "Idefics3ForConditionalGeneration");
}

TEST_F(HfDirectoryTest, NamesTheFieldThatCannotBeServed) {
  edit_config("model_type", "llava");
  const auto read = open_policy(folder_.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kBadData);
  for (const char* part : {"config.json", "model_type", "llava"})
    EXPECT_NE(read.error().message.find(part), std::string::npos) << read.error().message;
}

TEST_F(HfDirectoryTest, RefusesSizesThatAreNone) {
  for (const json& bad : {json(-1), json(1e30), json("2"), json(2.5)}) {
    edit_config("scale_factor", bad);
    EXPECT_FALSE(open_policy(folder_.path()).ok()) << bad.dump();
  }
}

TEST_F(HfDirectoryTest, RefusesAFolderWithoutWeights) {
  std::filesystem::remove(folder_ / "model.safetensors");
  const auto read = open_policy(folder_.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo

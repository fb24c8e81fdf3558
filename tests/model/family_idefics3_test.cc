// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/family.h"

namespace nelumbo {
namespace {

TEST(Idefics3Family, KeepsTextAndVisionApart) {
  const ControlTokens tokens{{"<s>", 1}, {"</s>", 2}, {"<pad>", 3}};
  ModelConfig config;
  config.decoder.vocab_size = 300;
  config.image_token_id = 7;
  const auto document = nlohmann::json::parse(hf_config_json(config, tokens));
  EXPECT_EQ(document["text_config"]["model_type"], "llama");
  EXPECT_EQ(document["vision_config"]["model_type"], "idefics3_vision");
  EXPECT_EQ(document["image_token_id"], 7);
  std::optional<std::string> complaint;
  ModelConfig again;
  kIdefics3Family.read(ConfigSection(document, complaint), &again);
  EXPECT_FALSE(complaint) << *complaint;
  EXPECT_TRUE(again.sees);
  EXPECT_EQ(again.image_token_id, 7);
}

}  // namespace
}  // namespace nelumbo

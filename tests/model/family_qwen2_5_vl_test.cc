// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include <gtest/gtest.h>

#include "model/family.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

using nlohmann::json;

TEST(Qwen25VlFamily, ReadsFlatAndNestedFilesAlike) {
  const json flat = parity_json("qwen2_5_vl", "config.json");
  json nested{{"model_type", "qwen2_5_vl"}, {"vision_config", flat["vision_config"]}};
  for (const auto& [key, value] : flat.items())
    (key.find("token_id") != std::string::npos || key == "tie_word_embeddings"
         ? nested
         : nested["text_config"])[key] = value;
  nested["text_config"].erase("vision_config");
  nested["text_config"]["rope_scaling"]["type"] = "default";
  for (const json& document : {flat, nested}) {
    const auto read = parse_hf_config(document.dump(), "config.json");
    ASSERT_TRUE(read.ok()) << read.error().message;
    const ModelConfig& config = read.value();
    EXPECT_TRUE(config.sees && config.decoder.qkv_bias && config.decoder.tie_embeddings);
    EXPECT_EQ(config.decoder.rope_sections, (std::vector<int64_t>{2, 3, 3}));
    EXPECT_EQ(config.token_side(), 28);
    EXPECT_EQ(config.image_token_id, 912);
    ASSERT_TRUE(config.vision.windows.has_value());
    EXPECT_EQ(config.vision.windows->whole_layers, std::vector<int64_t>{1});
    EXPECT_EQ(config.vision.windows->start_token, 909);
  }
}

TEST(Qwen25VlFamily, WritesWhatItReads) {
  const auto config = read_hf_config(parity_folder("qwen2_5_vl") + "/config.json");
  ASSERT_TRUE(config.ok());
  const std::string once = hf_config_json(config.value(), {});
  const auto again = parse_hf_config(once, "config.json");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(hf_config_json(again.value(), {}), once);
  EXPECT_EQ(again.value().vision.windows->video_token, 913);
  const json document = json::parse(once), flat = parity_json("qwen2_5_vl", "config.json");
  for (const auto& [key, value] : flat["vision_config"].items())
    EXPECT_EQ(document["vision_config"][key], value) << key;
}

TEST(Qwen25VlFamily, RefusesByNameWhatItDoesNotDo) {
  const auto refusal = [](const std::function<void(json&)>& change) {
    json document = parity_json("qwen2_5_vl", "config.json");
    change(document);
    const auto read = parse_hf_config(document.dump(), "c");
    return read.ok() ? "" : read.error().message;
  };
  EXPECT_EQ(refusal([](json& d) { d["rope_scaling"].erase("mrope_section"); }),
            "c: rope_scaling.mrope_section is missing");
  EXPECT_EQ(refusal([](json& d) { d["rope_scaling"] = nullptr; }),
            "c: rope_scaling.mrope_section must say how many pairs follow each of 3 axes");
  EXPECT_EQ(refusal([](json& d) {
              d["rope_scaling"]["mrope_section"] = {2, 3, 4};
            }),
            "c: decoder.rope_sections: are 9 pairs in all, a head has 8");
  EXPECT_EQ(refusal([](json& d) { d["vision_config"]["out_hidden_size"] = 64; }),
            "c: vision_config.out_hidden_size 64 is not supported; supported: 32");
  EXPECT_EQ(refusal([](json& d) { d["vision_config"]["window_size"] = 100; }),
            "c: vision.window_size: is 100, must be a multiple of vision.patch_size (14)");
  EXPECT_EQ(refusal([](json& d) { d["vision_config"]["fullatt_block_indexes"] = {3}; }),
            "c: vision_config.fullatt_block_indexes must be a list of whole numbers from 0 to 2, "
            "not [3]");
  EXPECT_EQ(refusal([](json& d) {
              d["model_type"] = "qwen2";
              d["architectures"] = {"Qwen2ForCausalLM"};
            }),
            "c: rope_scaling of the type mrope is not supported in qwen2");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/hf_config.h"

#include <fstream>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

const ControlTokens kTokens{{"<s>", 1}, {"</s>", 2}, {"<pad>", 3}};

ModelConfig small() {
  ModelConfig config;
  config.vision = {.image_size = 64,
                   .patch_size = 16,
                   .hidden_size = 32,
                   .intermediate_size = 48,
                   .layers = 2,
                   .heads = 4,
                   .layer_norm_eps = 1e-5};
  config.decoder = {.vocab_size = 300,
                    .hidden_size = 64,
                    .intermediate_size = 96,
                    .layers = 3,
                    .heads = 4,
                    .kv_heads = 2,
                    .max_positions = 512,
                    .rope_theta = 50000,
                    .rms_norm_eps = 1e-6,
                    .tie_embeddings = false};
  config.scale_factor = 4;
  config.image_token_id = 7;
  return config;
}

json document() {
  return json::parse(hf_config_json(small(), kTokens));
}

Result<ModelConfig> read(const std::string& text) {
  const std::string path = testing::TempDir() + "hf_config_" +
                           testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
  std::ofstream(path) << text;
  Result<ModelConfig> config = read_hf_config(path);
  if (config.ok())
    return config;
  EXPECT_EQ(config.error().code, Errc::kBadData);
  EXPECT_EQ(config.error().message.rfind(path + ": ", 0), 0U) << config.error().message;
  return Error{Errc::kBadData, config.error().message.substr(path.size() + 2)};
}

/// What is said of the document after a change.
std::string refusal(const std::function<void(json&)>& change) {
  json changed = document();
  change(changed);
  const Result<ModelConfig> config = read(changed.dump());
  return config.ok() ? "accepted" : config.error().message;
}

ModelConfig changed(const std::function<void(json&)>& change) {
  json document_now = document();
  change(document_now);
  const Result<ModelConfig> config = read(document_now.dump());
  EXPECT_TRUE(config.ok()) << config.error().message;
  return config.ok() ? config.value() : ModelConfig{};
}

TEST(HfConfig, GivesBackWhatWasWritten) {
  const ModelConfig config = changed([](json&) {});
  EXPECT_EQ(hf_config_json(config, kTokens), hf_config_json(small(), kTokens));
  EXPECT_EQ(config.vision.patch_size, 16);
  EXPECT_EQ(config.vision.layer_norm_eps, 1e-5);
  EXPECT_EQ(config.decoder.kv_heads, 2);
  EXPECT_EQ(config.decoder.rope_theta, 50000);
  EXPECT_FALSE(config.decoder.tie_embeddings);
  EXPECT_EQ(config.image_token_id, 7);
  EXPECT_EQ(config.image_tokens(), 1);
}

TEST(HfConfig, ReadsBothFormsOfRotaryPositions) {
  const ModelConfig config = changed([](json& d) {
    d["model_type"] = "smolvlm";
    d["text_config"].erase("rope_theta");
    d["text_config"].erase("rope_scaling");
    d["text_config"]["rope_parameters"] = {{"rope_theta", 1234.5}, {"rope_type", "default"}};
  });
  EXPECT_EQ(config.decoder.rope_theta, 1234.5);
}

TEST(HfConfig, FillsInTheDefaultsOfTransformers) {
  const ModelConfig config = changed([](json& d) {
    for (const char* key : {"rope_theta", "rms_norm_eps", "num_key_value_heads", "head_dim"})
      d["text_config"].erase(key);
    for (const char* key : {"num_hidden_layers", "layer_norm_eps", "hidden_act"})
      d["vision_config"].erase(key);
    d.erase("tie_word_embeddings");
    d.erase("vocab_size");
  });
  EXPECT_EQ(config.decoder.rope_theta, 10000);
  EXPECT_EQ(config.decoder.rms_norm_eps, 1e-6);
  EXPECT_EQ(config.decoder.kv_heads, 4);
  EXPECT_EQ(config.vision.layers, 12);
  EXPECT_FALSE(config.decoder.tie_embeddings);
}

TEST(HfConfig, RefusesByNameWhatIsNotSupported) {
  EXPECT_EQ(refusal([](json& d) { d["model_type"] = "llava"; }),
            "model_type \"llava\" is not supported; supported: idefics3, smolvlm, llama, qwen2, "
            "qwen2_5_vl, qwen3");
  EXPECT_EQ(refusal([](json& d) { d.erase("model_type"); }), "has no model_type");
  EXPECT_EQ(refusal([](json& d) { d["text_config"]["model_type"] = "mistral"; }),
            "text_config.model_type \"mistral\" is not supported; supported: llama");
  EXPECT_EQ(refusal([](json& d) { d["text_config"]["hidden_act"] = "swoosh"; }),
            "text_config.hidden_act \"swoosh\" is not supported; supported: silu");
  EXPECT_EQ(refusal([](json& d) { d["vision_config"]["hidden_act"] = "gelu"; }),
            "vision_config.hidden_act \"gelu\" is not supported; supported: gelu_pytorch_tanh");
  EXPECT_EQ(
      refusal([](json& d) {
        d["text_config"]["rope_scaling"] = {{"rope_type", "yarn"}};
      }),
      "text_config.rope_scaling.rope_type \"yarn\" is not supported; supported: default, linear, "
      "llama3");
  EXPECT_EQ(refusal([](json& d) { d["text_config"]["attention_bias"] = true; }),
            "text_config.attention_bias true is not supported; supported: false");
  EXPECT_EQ(refusal([](json& d) { d["vision_config"]["num_channels"] = 1; }),
            "vision_config.num_channels 1 is not supported; supported: 3");
  EXPECT_EQ(refusal([](json& d) {
              d["quantization_config"] = {{"bits", 4}};
            }),
            "quantization_config {\"bits\":4} is not supported; supported: null");
}

TEST(HfConfig, RefusesImpossibleSizes) {
  const auto decoder = [](const char* key, const json& value) {
    return refusal([&](json& d) { d["text_config"][key] = value; });
  };
  EXPECT_EQ(decoder("num_hidden_layers", 1'000'000'000),
            "text_config.num_hidden_layers must be a whole number from 1 to 1000, not 1000000000");
  EXPECT_EQ(decoder("head_dim", 0),
            "text_config.head_dim must be a whole number from 1 to 1000000, not 0");
  for (const json& value : {json(0), json(-8), json("8"), json(8.0), json(int64_t{1} << 31)})
    EXPECT_NE(decoder("hidden_size", value), "accepted") << value;
  EXPECT_NE(decoder("num_attention_heads", 0), "accepted");
  EXPECT_NE(decoder("num_key_value_heads", 3), "accepted");
  EXPECT_NE(decoder("rms_norm_eps", -1e-5), "accepted");
  EXPECT_NE(decoder("rope_theta", 0), "accepted");
  EXPECT_NE(refusal([](json& d) { d["vision_config"]["patch_size"] = 15; }), "accepted");
  EXPECT_NE(refusal([](json& d) { d["scale_factor"] = 3; }), "accepted");
}

TEST(HfConfig, RefusesVocabulariesThatDiffer) {
  EXPECT_EQ(refusal([](json& d) { d["vocab_size"] = 301; }),
            "vocab_size differs from text_config.vocab_size");
  for (const json& id : {json(300), json(-1), json(nullptr)})
    EXPECT_EQ(refusal([&](json& d) { d["image_token_id"] = id; }),
              "image_token_id must be a token id below text_config.vocab_size");
}

TEST(HfConfig, RefusesWhatIsNoConfiguration) {
  EXPECT_EQ(read("[]").error().message, "must be an object");
  EXPECT_FALSE(read("{").ok());
  EXPECT_FALSE(read("").ok());
  EXPECT_EQ(refusal([](json& d) { d.erase("text_config"); }), "text_config must be an object");
  EXPECT_FALSE(read_hf_config("no/such/config.json").ok());
}

TEST(HfConfig, DescribesOneStretchedTile) {
  const json document_now = json::parse(preprocessor_config_json(small()));
  EXPECT_EQ(document_now["max_image_size"]["longest_edge"], 64);
  EXPECT_EQ(document_now["do_image_splitting"], false);
  EXPECT_EQ(document_now["do_resize"], false) << "it would keep proportions first";
  EXPECT_EQ(document_now["resample"], 2) << "bilinear";
  EXPECT_EQ(json::parse(processor_config_json(small()))["image_seq_len"], 1);
}

TEST(HfConfig, NamesControlTokensAndTheChatTemplate) {
  const json tokenizer = json::parse(tokenizer_config_json(small(), kTokens, "{{ messages }}\n"));
  EXPECT_EQ(tokenizer["eos_token"], "</s>");
  EXPECT_EQ(tokenizer["chat_template"], "{{ messages }}\n");
  EXPECT_EQ(tokenizer["model_max_length"], 512);
  EXPECT_EQ(json::parse(generation_config_json(kTokens, {2}))["eos_token_id"], 2);
  EXPECT_EQ(document()["text_config"]["pad_token_id"], 3);
}

TEST(HfConfig, ATokenThatIsNotThereIsNull) {
  const ControlTokens some{.begin = {}, .end = {"</s>", 2}, .padding = {}};
  const json config = json::parse(hf_config_json(small(), some));
  EXPECT_TRUE(config.contains("bos_token_id"));
  EXPECT_EQ(config["bos_token_id"], nullptr);
  EXPECT_EQ(config["text_config"]["pad_token_id"], nullptr);
  EXPECT_EQ(json::parse(generation_config_json(some, {}))["bos_token_id"], nullptr);
  EXPECT_EQ(json::parse(generation_config_json(some, {}))["eos_token_id"], nullptr);
}

TEST(HfConfig, SeveralTokensMayEndAnAnswer) {
  const json config = json::parse(generation_config_json(kTokens, {3, 2}));
  EXPECT_EQ(config["eos_token_id"], json({3, 2}));
}

TEST(HfConfig, NamesItsControlTokens) {
  const auto tokens =
      parse_control_tokens(R"({"bos_token_id": 1, "eos_token_id": [5, 6]})", "config.json");
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  EXPECT_EQ(tokens.value().begin.id, 1);
  EXPECT_EQ(tokens.value().end.id, 5);
  EXPECT_EQ(tokens.value().padding.id, std::nullopt);
  const auto none = parse_control_tokens(R"({"bos_token_id": "1"})", "config.json");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message,
            "config.json: bos_token_id must be a token id below 10000000, not \"1\"");
}

TEST(HfConfig, RefusesAnArchitectureThatTheTypeContradicts) {
  const auto named = [](const char* name) {
    return refusal([name](json& changed) { changed["architectures"] = json({name}); });
  };
  EXPECT_EQ(named("LlamaForCausalLM"),
            "architectures \"LlamaForCausalLM\" and model_type \"idefics3\" contradict each other");
  EXPECT_EQ(named("Idefics3ForSequenceClassification"),
            "architectures \"Idefics3ForSequenceClassification\" does not generate text");
  EXPECT_EQ(named("SmolVLMForConditionalGeneration"), "accepted");
}

TEST(HfConfig, RefusesControlTokensThatTheVocabularyLacks) {
  const auto check = [](const char* text) {
    const auto sound = check_control_tokens(text, 10, "p");
    return sound ? "accepted" : sound.error().message;
  };
  EXPECT_EQ(check(R"({"bos_token_id": 9, "eos_token_id": [1, 9], "pad_token_id": -1})"),
            "accepted");
  EXPECT_EQ(check(R"({"eos_token_id": [1, 10]})"),
            "p: eos_token_id must be a token id below 10, not 10");
  EXPECT_EQ(check(R"({"bos_token_id": "x"})"),
            "p: bos_token_id must be a token id below 10, not \"x\"");
}

}  // namespace
}  // namespace nelumbo

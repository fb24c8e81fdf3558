// SPDX-License-Identifier: Apache-2.0
#include "model/peft_adapter.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// An adapter of rank 2 for "l.q.weight" [4, 3].
class PeftAdapterTest : public ::testing::Test {
 protected:
  PeftAdapterTest() {
    adapter_.rank = 2;
    adapter_.alpha = 3;
    adapter_.scale = 1.5F;
    adapter_.factors["l.q.weight"] = {
        {"base_model.model.l.q.lora_A.weight", {2, 3}, {1, 0, 2, 0, 1, -1}},
        {"base_model.model.l.q.lora_B.weight", {4, 2}, {1, 0, 0, 1, 1, 1, 0, 0}}};
    EXPECT_TRUE(write_peft_adapter(folder_.path(), adapter_).ok());
  }

  json config() const { return json::parse(std::ifstream(config_)); }
  /// The message about the adapter after its config was changed.
  std::string with_config(const std::string& key, const json& value) {
    json changed = config();
    changed[key] = value;
    std::ofstream(config_) << changed;
    return complaint();
  }
  /// The message after its tensors were changed.
  std::string with_tensors(const std::function<void(WeightSet&)>& change) {
    WeightSet tensors = read_safetensors(tensors_).value();
    change(tensors);
    EXPECT_TRUE(write_safetensors(tensors_, tensors).ok());
    return complaint();
  }
  /// What reading and merging says, without the folder in front.
  std::string complaint() {
    Result<PeftAdapter> read = read_peft_adapter(folder_.path());
    Result<void> done = read ? merge_adapter(team_, read.value(), folder_.path(), &weights_)
                             : Result<void>(read.error());
    if (done)
      return "";
    EXPECT_EQ(done.error().code, Errc::kBadData);
    EXPECT_TRUE(done.error().message.starts_with(folder_ / "")) << done.error().message;
    return done.error().message.substr((folder_ / "").size());
  }

  TemporaryFolder folder_;
  const std::string config_ = folder_ / "adapter_config.json";
  const std::string tensors_ = folder_ / "adapter_model.safetensors";
  PeftAdapter adapter_;
  WeightSet weights_ = {{"l.q.weight", {4, 3}, std::vector<float>(12, 1)}, {"n", {3}, {1, 2, 3}}};
  Team team_{2};
};

TEST_F(PeftAdapterTest, ComesBackAsItWasWritten) {
  const auto read = read_peft_adapter(folder_.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().rank, 2);
  EXPECT_EQ(read.value().scale, 1.5F);
  EXPECT_EQ(read.value().factors.at("l.q.weight").b.values,
            adapter_.factors.at("l.q.weight").b.values);
  EXPECT_FALSE(read.value().base_hash.has_value());
  EXPECT_EQ(config()["target_modules"], json::array({"l.q"}));
  EXPECT_EQ(config()["lora_alpha"].dump(), "3");
}

TEST_F(PeftAdapterTest, AddsItsScaledProductToTheWeight) {
  ASSERT_EQ(complaint(), "");
  EXPECT_EQ(weights_[0].values,
            (std::vector<float>{2.5F, 1, 4, 1, 2.5F, -0.5F, 2.5F, 2.5F, 2.5F, 1, 1, 1}));
  EXPECT_EQ(weights_[1].values, (std::vector<float>{1, 2, 3}));
}

TEST_F(PeftAdapterTest, ScalesByTheRootWhereItSaysSo) {
  ASSERT_EQ(with_config("use_rslora", true), "");
  EXPECT_EQ(read_peft_adapter(folder_.path()).value().scale,
            static_cast<float>(3 / std::sqrt(2.0)));
}

TEST_F(PeftAdapterTest, RefusesAConfigThatAsksForMoreThanIsServed) {
  EXPECT_EQ(with_config("peft_type", "IA3"),
            "adapter_config.json: peft_type must be \"LORA\", not \"IA3\"");
  with_config("peft_type", "LORA");
  const auto names = [](const std::string& message, const std::string& key) {
    return message.starts_with("adapter_config.json: ") && message.find(key) != std::string::npos;
  };
  for (const auto& [key, wrong, right] : {std::tuple<std::string, json, json>{"r", 0, 2},
                                          {"r", "two", 2},
                                          {"lora_alpha", -1, 3},
                                          {"bias", "all", "none"},
                                          {"use_dora", true, false},
                                          {"fan_in_fan_out", true, false},
                                          {"rank_pattern", json{{"l.q", 4}}, json::object()},
                                          {"modules_to_save", json::array({"n"}), nullptr}}) {
    const std::string message = with_config(key, wrong);
    EXPECT_TRUE(names(message, key)) << key << ": " << message;
    EXPECT_EQ(with_config(key, right), "") << key;
  }
}

TEST_F(PeftAdapterTest, RefusesAFactorThatItsTargetsDoNotName) {
  EXPECT_EQ(
      with_config("target_modules", {"k", "v"}),
      "adapter_model.safetensors: tensor 'base_model.model.l.q.lora_A.weight': target_modules "
      "of adapter_config.json does not name its layer");
  EXPECT_NE(with_config("target_modules", {"lq", ".q"}), "");
  EXPECT_EQ(with_config("target_modules", {"q"}), "");
  EXPECT_EQ(with_config("target_modules", "all-linear"), "");
}

TEST_F(PeftAdapterTest, NamesTheTensorThatIsMalformed) {
  const std::string place = "adapter_model.safetensors: tensor 'base_model.model.l.q.lora_";
  EXPECT_EQ(
      with_tensors([](WeightSet& t) { t[0].values[4] = std::nanf(""); }),
      "adapter_model.safetensors: tensor 'base_model.model.l.q.lora_A.weight': value 4 is not "
      "finite");
  EXPECT_EQ(with_tensors([](WeightSet& t) {
              t[0] = {t[0].name, {1, 3}, {1, 2, 3}};
            }),
            place + "A.weight': has rank 1, but adapter_config.json says 2");
  EXPECT_EQ(with_tensors([](WeightSet& t) {
              t[0] = {t[0].name, {6}, {1, 2, 3, 4, 5, 6}};
            }),
            place + "A.weight': must have two dimensions, not [6]");
  EXPECT_EQ(with_tensors([](WeightSet& t) {
              t[0] = {t[0].name, {2, 2}, {1, 2, 3, 4}};
            }),
            place + "A.weight': has the shape [2,2], but 'l.q.weight' [4,3] needs [2,3]");
  EXPECT_EQ(with_tensors([](WeightSet& t) { t.erase(t.begin()); }),
            place + "A.weight': is missing");
  EXPECT_EQ(with_tensors([](WeightSet& t) { t[0].name = "l.q.lora_B.weight"; }),
            "adapter_model.safetensors: tensor 'l.q.lora_B.weight': is no factor (lora_A, lora_B) "
            "of a linear layer");
  EXPECT_EQ(with_tensors([](WeightSet& t) { t.clear(); }),
            "adapter_model.safetensors: holds no tensor");
}

TEST_F(PeftAdapterTest, NamesTheLayerThatTheModelLacks) {
  weights_[0].name = "l.k.weight";
  EXPECT_EQ(complaint(),
            "adapter_model.safetensors: tensor 'base_model.model.l.q.lora_A.weight': the model has "
            "no linear layer 'l.q'");
}

TEST_F(PeftAdapterTest, NamesTheFileThatIsMissing) {
  std::filesystem::rename(tensors_, folder_ / "adapter_model.bin");
  EXPECT_EQ(complaint(),
            "adapter_model.bin: pickled weights can run code and are never opened; save it as "
            "safetensors");
  std::filesystem::remove(folder_ / "adapter_model.bin");
  EXPECT_TRUE(complaint().starts_with("adapter_model.safetensors: "));
  std::ofstream(config_) << "{";
  EXPECT_TRUE(complaint().starts_with("adapter_config.json: "));
  std::filesystem::remove(config_);
  EXPECT_TRUE(complaint().starts_with("adapter_config.json: "));
  EXPECT_EQ(adapter_directory(folder_ / "none").error().code, Errc::kInvalidConfig);
}

TEST_F(PeftAdapterTest, IsRefusedByOtherWeightsThanItsOwn) {
  adapter_.base_hash = weights_hash(weights_);
  ASSERT_TRUE(write_peft_adapter(folder_.path(), adapter_).ok());
  WeightSet own = weights_;
  weights_[1].values[0] = 7;
  EXPECT_TRUE(complaint().starts_with("base.json: the adapter belongs to other weights"));
  std::ofstream(folder_ / "base.json")
      << nlohmann::json{{"weights_hash", *adapter_.base_hash}, {"checkpoint", "step_40"}};
  EXPECT_NE(complaint().find(*adapter_.base_hash + ", those of checkpoint step_40 of its run)"),
            std::string::npos)
      << complaint();
  weights_ = own;
  EXPECT_EQ(complaint(), "");
}

TEST_F(PeftAdapterTest, IsFoundInACheckpointAndARun) {
  const std::string place = folder_ / "run/checkpoints/latest/adapter";
  std::filesystem::create_directories(place);
  ASSERT_TRUE(write_peft_adapter(place, adapter_).ok());
  for (const char* name : {"run", "run/checkpoints/latest", "run/checkpoints/latest/adapter"})
    EXPECT_EQ(adapter_directory(folder_ / name).value(), place);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_policy.h"

#include <cmath>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "base/file.h"
#include "model/gguf_writer.h"

namespace nelumbo {
namespace {

const std::string kData = std::string(NELUMBO_SOURCE_DIR) + "/tests/data/gguf/";

/// policy.gguf and policy.safetensors are from scripts/oracles/gguf_fixtures.py.
class GgufPolicyFile : public testing::Test {
 protected:
  GgufPolicyFile() {
    Result<WeightSet> weights = read_safetensors(kData + "policy.safetensors");
    EXPECT_TRUE(weights.ok());
    for (NamedTensor& tensor : weights.value())
      weights_.emplace(tensor.name, tensor);
  }
  ~GgufPolicyFile() override { std::filesystem::remove(path_); }

  static GgufPolicy fixture() {
    Result<GgufPolicy> policy = GgufPolicy::open(kData + "policy.gguf");
    EXPECT_TRUE(policy.ok()) << policy.error().message;
    return std::move(policy).value();
  }
  GgufDocuments documents() const {
    return {fixture().config(), fixture().tokens(), fixture().tokenizer().value(),
            fixture().ends().value()};
  }
  Result<void> write(GgufType type) const {
    return write_gguf_policy(
        path_, documents(), type,
        [this](const std::string& name) -> Result<NamedTensor> { return weights_.at(name); });
  }
  /// The fixture's file with some tensors and keys changed.
  template <class Change>
  std::string refusal(Change change) const {
    const GgufFile file = GgufFile::open(kData + "policy.gguf").value();
    std::vector<GgufPlan> plans;
    for (const GgufTensor& tensor : file.tensors())
      plans.push_back({tensor.name, tensor.shape, GgufType::kF32});
    GgufMetadata metadata = file.metadata();
    change(plans, metadata);
    const auto done = write_gguf(path_, metadata, plans, [&](const GgufPlan& plan) {
      const GgufTensor* tensor = file.tensor(plan.name);
      std::vector<float> values =
          tensor == nullptr ? std::vector<float>{1} : file.read(*tensor).value();
      return values;
    });
    EXPECT_TRUE(done.ok()) << done.error().message;
    const auto policy = GgufPolicy::open(path_);
    return policy.ok() ? "accepted" : policy.error().message.substr(path_.size() + 2);
  }

  std::map<std::string, NamedTensor> weights_;
  const std::string path_ = testing::TempDir() + "gguf_policy_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(GgufPolicyFile, TensorsAreThoseThatTheConverterStartedFrom) {
  const GgufPolicy policy = fixture();
  EXPECT_EQ(policy.parameters().size(), weights_.size());
  for (const GgufParameter& parameter : policy.parameters()) {
    const auto tensor = policy.read(parameter.hf_name);
    ASSERT_TRUE(tensor.ok()) << tensor.error().message;
    EXPECT_EQ(tensor.value().shape, weights_.at(parameter.hf_name).shape);
    EXPECT_EQ(tensor.value().values, weights_.at(parameter.hf_name).values) << parameter.hf_name;
  }
  EXPECT_EQ(policy.config().decoder.rope_scaling->original_positions, 64);
}

TEST_F(GgufPolicyFile, WhatIsWrittenReadsBack) {
  for (const GgufType type : {GgufType::kF32, GgufType::kF16, GgufType::kBf16, GgufType::kQ80}) {
    const auto done = write(type);
    ASSERT_TRUE(done.ok()) << done.error().message;
    const auto policy = GgufPolicy::open(path_);
    ASSERT_TRUE(policy.ok()) << policy.error().message;
    EXPECT_EQ(hf_config_json(policy.value().config(), policy.value().tokens()),
              hf_config_json(fixture().config(), fixture().tokens()));
    EXPECT_EQ(policy.value().tokenizer().value().tokenizer,
              fixture().tokenizer().value().tokenizer);
    EXPECT_EQ(policy.value().file().tensor("blk.0.attn_norm.weight")->format->name, "F32");
    EXPECT_EQ(policy.value().file().tensor("token_embd.weight")->format, &block_format(type));
    const NamedTensor q = policy.value().read("model.layers.0.self_attn.q_proj.weight").value();
    const NamedTensor& wanted = weights_.at(q.name);
    for (size_t i = 0; i < q.values.size(); ++i)
      EXPECT_NEAR(q.values[i], wanted.values[i], type == GgufType::kF32 ? 0 : 0.02);
  }
}

TEST_F(GgufPolicyFile, RowsThatAreNoWholeBlocksBecomeHalves) {
  GgufDocuments odd = documents();
  odd.config.decoder.intermediate_size = 40;
  const std::vector<GgufParameter> parameters = gguf_parameters(odd.config);
  const auto zeros = [&](const std::string& name) -> Result<NamedTensor> {
    for (const GgufParameter& parameter : parameters) {
      int64_t count = 1;
      for (const int64_t size : parameter.shape)
        count *= size;
      if (parameter.hf_name == name)
        return NamedTensor{name, parameter.shape, std::vector<float>(count, 0)};
    }
    return Error{Errc::kBadData, name};
  };
  ASSERT_TRUE(write_gguf_policy(path_, odd, GgufType::kQ80, zeros).ok());
  const auto policy = GgufPolicy::open(path_);
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_EQ(policy.value().file().tensor("blk.0.ffn_down.weight")->format->name, "F16");
  EXPECT_EQ(policy.value().file().tensor("blk.0.ffn_up.weight")->format->name, "Q8_0");
}

TEST_F(GgufPolicyFile, SaysWhatIsMissingLeftOverOrOfAnotherShape) {
  using Plans = std::vector<GgufPlan>;
  EXPECT_EQ(refusal([](Plans&, GgufMetadata&) {}), "accepted");
  EXPECT_EQ(refusal([](Plans& plans, GgufMetadata&) { plans.pop_back(); }),
            "there is no tensor \"blk.0.ffn_down.weight\"");
  EXPECT_EQ(refusal([](Plans& plans, GgufMetadata&) {
              plans.push_back({"blk.7.extra.weight", {1}, GgufType::kF32});
            }),
            "tensor \"blk.7.extra.weight\" belongs to no part of a llama model");
  EXPECT_EQ(refusal([](Plans& plans, GgufMetadata&) {
              for (GgufPlan& plan : plans)
                if (plan.name == "blk.0.attn_k.weight")
                  std::swap(plan.shape[0], plan.shape[1]);
            }),
            "tensor \"blk.0.attn_k.weight\" has the shape [32 × 16], its keys say [16 × 32]");
  EXPECT_EQ(refusal([](Plans&, GgufMetadata& metadata) {
              for (auto& [key, value] : metadata)
                if (key == "tokenizer.ggml.token_type")
                  value = GgufValue::integers({1});
            }),
            "tokenizer.ggml.token_type has 1 entries, not one for each token");
}

TEST_F(GgufPolicyFile, ValuesThatAreNotFiniteAreRefused) {
  const std::string whole = read_file(kData + "policy.gguf", 1'000'000).value();
  const GgufTensor* norm = nullptr;
  const GgufPolicy policy = fixture();
  norm = policy.file().tensor("output_norm.weight");
  std::string damaged = whole;
  damaged.replace(norm->offset, 4, std::string("\0\0\xC0\x7F", 4));
  ASSERT_TRUE(write_file_atomic(path_, damaged).ok());
  EXPECT_EQ(GgufPolicy::open(path_).value().read("model.norm.weight").error().message,
            path_ + ": tensor \"output_norm.weight\" holds a value that is not finite");
}

TEST_F(GgufPolicyFile, ATensorOfAnotherShapeThanTheConfigurationSaysIsRefused) {
  weights_.at("model.norm.weight").shape = {16};
  const auto done = write(GgufType::kF32);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message,
            path_ + ": tensor model.norm.weight has the shape [16], its configuration says [32]");
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(GgufPolicyFile, WhatSeesPicturesHasNoPlaceInOne) {
  GgufDocuments seeing = documents();
  seeing.config = ModelConfig{};
  const auto done = write_gguf_policy(path_, seeing, GgufType::kF32, {});
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message,
            path_ +
                ": Idefics3ForConditionalGeneration cannot be written as GGUF, which has no place "
                "for what sees pictures; supported: llama, qwen2, qwen3");
}

}  // namespace
}  // namespace nelumbo

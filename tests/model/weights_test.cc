// SPDX-License-Identifier: Apache-2.0
#include "model/weights.h"

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

void expect_has(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

/// A model directory that is gone when the test ends.
class Weights : public testing::Test {
 protected:
  Weights() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~Weights() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const WeightSet& weights) const {
    ASSERT_TRUE(write_safetensors(directory_ + "/" + name, weights).ok());
  }
  void write_text(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ + "/" + name) << text;
  }
  void write_index(const std::string& map) const {
    write_text("model.safetensors.index.json", R"({"weight_map":)" + map + "}");
  }
  std::string refusal() const {
    const auto weights = read_weights(directory_);
    return weights.ok() ? "accepted" : weights.error().message;
  }

  const std::string directory_ = testing::TempDir() + "weights_" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(Weights, AreReadFromOneFile) {
  write("model.safetensors", {{"a", {1}, {1}}, {"b", {1}, {2}}});
  const auto weights = read_weights(directory_);
  ASSERT_TRUE(weights.ok()) << weights.error().message;
  EXPECT_EQ(weights.value().size(), 2U);
}

TEST_F(Weights, AreJoinedFromShardsInNameOrder) {
  write("one.safetensors", {{"b", {1}, {2}}});
  write("two.safetensors", {{"a", {1}, {1}}, {"c", {1}, {3}}});
  write_index(R"({"a":"two.safetensors","b":"one.safetensors","c":"two.safetensors"})");
  const auto weights = read_weights(directory_);
  ASSERT_TRUE(weights.ok()) << weights.error().message;
  ASSERT_EQ(weights.value().size(), 3U);
  EXPECT_EQ(weights.value()[1].name, "b");
  EXPECT_EQ(weights.value()[1].values[0], 2);
}

TEST_F(Weights, RefuseAShardOutsideTheDirectory) {
  for (const std::string shard : {"../x.safetensors", "/etc/passwd", "..", ""}) {
    write_index(R"({"a":")" + shard + R"("})");
    expect_has(refusal(), "a shard must be the name of a file beside the index");
  }
}

TEST_F(Weights, RefuseAnIndexThatDiffersFromItsShards) {
  write("one.safetensors", {{"a", {1}, {2}}});
  write_index(R"({"a":"one.safetensors","b":"one.safetensors"})");
  expect_has(refusal(), "lacks tensor 'b'");
  write_index(R"({"a":"two.safetensors"})");
  expect_has(refusal(), "two.safetensors");
  write("one.safetensors", {{"a", {1}, {2}}, {"b", {1}, {2}}});
  write_index(R"({"a":"one.safetensors"})");
  expect_has(refusal(), "tensor 'b' is not sent here");
  write_text("model.safetensors.index.json", "{}");
  expect_has(refusal(), "has no weight_map");
}

TEST_F(Weights, RefuseAValueThatIsNotFinite) {
  write("model.safetensors", {{"a", {2}, {1, std::numeric_limits<float>::quiet_NaN()}}});
  expect_has(refusal(), "tensor 'a': value 1 is not finite");
}

TEST_F(Weights, NeverOpenPickles) {
  expect_has(refusal(), "holds neither model.safetensors nor");
  write_text("pytorch_model.bin", "anything");
  expect_has(refusal(), "pytorch_model.bin: pickled weights");
  std::filesystem::rename(directory_ + "/pytorch_model.bin", directory_ + "/model.ckpt");
  expect_has(refusal(), "model.ckpt: pickled weights");
}

TEST_F(Weights, HashDoesNotDependOnTheOrder) {
  EXPECT_EQ(weights_hash({{"a", {1}, {1}}, {"b", {1}, {2}}}),
            weights_hash({{"b", {1}, {2}}, {"a", {1}, {1}}}));
}

TEST_F(Weights, HashTellsNamesShapesAndValuesApart) {
  const std::string hash = weights_hash({{"a", {2}, {1, 2}}});
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_NE(hash, weights_hash({{"b", {2}, {1, 2}}}));
  EXPECT_NE(hash, weights_hash({{"a", {1, 2}, {1, 2}}}));
  EXPECT_NE(hash, weights_hash({{"a", {2}, {1, 3}}}));
  EXPECT_NE(weights_hash({{"a", {1}, {0.0F}}}), weights_hash({{"a", {1}, {-0.0F}}}));
  EXPECT_NE(hash, weights_hash({}));
}

}  // namespace
}  // namespace nelumbo

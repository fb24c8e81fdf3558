// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/family.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(Qwen3Family, NormsHeadsOfTheirOwnSize) {
  const ParityModel model("qwen3");
  EXPECT_EQ(model.network.config.decoder.head_size(), 32) << "64 wide, 4 heads";
  const DecoderLayer& layer = model.network.decoder.front();
  ASSERT_TRUE(layer.q_norm && layer.k_norm);
  EXPECT_FALSE(layer.q.bias);
  EXPECT_EQ((*model.weights)[static_cast<size_t>(*layer.q_norm)].shape, std::vector<int64_t>{32});
}

TEST(Qwen3Family, AHeadSizeLeftOutIsThatOfTransformers) {
  std::optional<std::string> complaint;
  nlohmann::json document = parity_json("qwen3", "config.json");
  document.erase("head_dim");
  ModelConfig config;
  kQwen3Family.read(ConfigSection(document, complaint), &config);
  EXPECT_EQ(config.decoder.head_size(), 128);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/family.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(Qwen2Family, GivesQueriesKeysAndValuesABias) {
  const ParityModel model("qwen2_bf16");
  const DecoderLayer& layer = model.network.decoder.front();
  EXPECT_TRUE(layer.q.bias && layer.k.bias && layer.v.bias);
  EXPECT_FALSE(layer.o.bias);
  EXPECT_FALSE(layer.q_norm);
}

TEST(Qwen2Family, RefusesSlidingWindows) {
  std::optional<std::string> complaint;
  nlohmann::json document = parity_json("qwen2_bf16", "config.json");
  document["use_sliding_window"] = true;
  ModelConfig config;
  kQwen2Family.read(ConfigSection(document, complaint), &config);
  EXPECT_EQ(complaint, "use_sliding_window true is not supported; supported: false");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_parameters.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "model/family.h"

namespace nelumbo {
namespace {

ModelConfig small(const Family& family) {
  ModelConfig config;
  config.decoder = {.vocab_size = 10,
                    .hidden_size = 8,
                    .intermediate_size = 12,
                    .layers = 2,
                    .heads = 2,
                    .kv_heads = 1,
                    .tie_embeddings = false,
                    .head_dim = 6,
                    .rope_scaling = {}};
  set_traits(family, &config);
  return config;
}

const GgufParameter* named(const std::vector<GgufParameter>& parameters, const std::string& name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const GgufParameter& p) { return p.hf_name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

TEST(GgufParameters, LlamaHasNineTensorsInALayer) {
  const std::vector<GgufParameter> all = gguf_parameters(small(kLlamaFamily));
  EXPECT_EQ(all.size(), 3U + 2 * 9);
  const GgufParameter* k = named(all, "model.layers.1.self_attn.k_proj.weight");
  ASSERT_NE(k, nullptr);
  EXPECT_EQ(k->gguf_name, "blk.1.attn_k.weight");
  EXPECT_EQ(k->shape, (std::vector<int64_t>{6, 8}));
  EXPECT_EQ(k->permuted_heads, 1);
  EXPECT_EQ(named(all, "model.layers.1.self_attn.v_proj.weight")->permuted_heads, 0);
  EXPECT_EQ(named(all, "model.layers.0.mlp.down_proj.weight")->gguf_name, "blk.0.ffn_down.weight");
  EXPECT_EQ(named(all, "lm_head.weight")->gguf_name, "output.weight");
}

TEST(GgufParameters, ATiedModelHasNoOutputLayer) {
  ModelConfig tied = small(kLlamaFamily);
  tied.decoder.tie_embeddings = true;
  EXPECT_EQ(named(gguf_parameters(tied), "lm_head.weight"), nullptr);
}

TEST(GgufParameters, Qwen2HasBiasesAndQwen3HasNormsOfHeads) {
  const std::vector<GgufParameter> qwen2 = gguf_parameters(small(kQwen2Family));
  EXPECT_EQ(named(qwen2, "model.layers.0.self_attn.q_proj.bias")->shape, std::vector<int64_t>{12});
  EXPECT_EQ(named(qwen2, "model.layers.0.self_attn.o_proj.bias"), nullptr);
  EXPECT_EQ(named(qwen2, "model.layers.0.self_attn.q_proj.weight")->permuted_heads, 0);
  const std::vector<GgufParameter> qwen3 = gguf_parameters(small(kQwen3Family));
  EXPECT_EQ(named(qwen3, "model.layers.0.self_attn.q_proj.bias"), nullptr);
  EXPECT_EQ(named(qwen3, "model.layers.0.self_attn.k_norm.weight")->shape, std::vector<int64_t>{6});
}

TEST(GgufParameters, RowsOfAHeadAreInterleavedAndBack) {
  const std::vector<float> hf{0, 1, 2, 3, 4, 5, 6, 7};  // 8 rows of one value, 2 heads of size 4
  const std::vector<float> gguf{0, 2, 1, 3, 4, 6, 5, 7};
  EXPECT_EQ(to_gguf_rows(hf, 8, 2), gguf);
  EXPECT_EQ(from_gguf_rows(gguf, 8, 2), hf);
  const std::vector<float> wide{0, 1, 2, 3, 4, 5, 6, 7};  // 4 rows of two values, one head
  EXPECT_EQ(to_gguf_rows(wide, 4, 1), (std::vector<float>{0, 1, 4, 5, 2, 3, 6, 7}));
}

}  // namespace
}  // namespace nelumbo

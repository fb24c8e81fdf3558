// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/small_policy.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(ModelInspect, SayWhatAPolicyConsistsOfAndItsHash) {
  const TemporaryFolder folder;
  put_tiny_policy(folder.path());
  const Called called = call({"model", "inspect", folder.path(), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto facts = nlohmann::json::parse(called.out);
  EXPECT_EQ(facts["weights_hash"], weights_hash(tiny_weights()));
  EXPECT_EQ(facts["tensors"].size(), tiny_weights().size());
}

TEST(ModelInspect, LookAtModelsOfOtherFamilies) {
  const Called called = call({"model", "inspect", parity_folder("qwen3"), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto facts = nlohmann::json::parse(called.out);
  EXPECT_EQ(facts["architecture"], "Qwen3ForCausalLM");
  EXPECT_EQ(facts["end_tokens"], nlohmann::json({902}));
  EXPECT_TRUE(
      has(call({"model", "inspect", parity_folder("smolvlm")}).out, "picture: {\"size\":128"));
  EXPECT_TRUE(has(call({"model", "inspect", parity_folder("qwen2_5_vl")}).out,
                  "picture: {\"pixels_of_a_token\":28}"));
}

TEST(ModelInspect, RefuseWhatIsNoPolicy) {
  const TemporaryFolder folder;
  const Called empty = call({"model", "inspect", folder.path()});
  EXPECT_EQ(empty.code, 4);
  EXPECT_TRUE(has(empty.err, "has no config.json"));
  EXPECT_EQ(call({"model", "inspect", folder / "none"}).code, 2);
  std::ofstream(folder / "pytorch_model.bin") << "x";
  EXPECT_TRUE(has(call({"model", "inspect", folder / "pytorch_model.bin"}).err, "never opened"));
}

TEST(ModelInspect, LooksAtOneFileOfAModel) {
  const std::string weights = parity_folder("qwen3") + "/model.safetensors";
  EXPECT_TRUE(has(call({"model", "inspect", weights, "--verify"}).out, "sound"));
  EXPECT_TRUE(has(call({"model", "inspect", parity_folder("qwen3") + "/tokenizer.json"}).out,
                  "tokenizer: byte-level BPE, "));
  EXPECT_TRUE(has(call({"model", "inspect", in_repository("tests/data/gguf/policy.gguf")}).out,
                  "ForCausalLM"));
}

}  // namespace
}  // namespace nelumbo

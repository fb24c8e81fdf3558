// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/small_adapter.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(ModelExportCommand, WritesEachKindOfFile) {
  const TemporaryFolder folder;
  for (const char* type : {"f32", "f16", "bf16", "q8_0"}) {
    const std::string path = folder / type + ".gguf";
    const Called called =
        call({"model", "export", parity_folder("qwen3"), "--gguf", type, "-o", path, "--json"});
    ASSERT_EQ(called.code, 0) << called.err;
    EXPECT_EQ(nlohmann::json::parse(called.out)["architecture"], "Qwen3ForCausalLM");
    EXPECT_EQ(call({"model", "inspect", path, "--verify"}).code, 0);
  }
  EXPECT_LT(std::filesystem::file_size(folder / "q8_0.gguf"),
            std::filesystem::file_size(folder / "f16.gguf"));
  const Called back = call(
      {"model", "export", folder / "bf16.gguf", "--hf", "--dtype", "bf16", "-o", folder / "hf"});
  ASSERT_EQ(back.code, 0) << back.err;
  EXPECT_TRUE(has(back.out, "tensors written"));
  EXPECT_EQ(call({"model", "inspect", folder / "hf", "--verify"}).code, 0);
}

TEST(ModelExportCommand, WritesTheModelWithAnAdapterMerged) {
  const TemporaryFolder folder;
  const std::string weight = "model.layers.0.self_attn.v_proj.weight";
  put_adapter(folder.path(), weight, {64, 64}, 4);
  const Called called = call({"model", "export", parity_folder("qwen3"), "--adapter", folder.path(),
                              "--hf", "-o", folder / "merged"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto merged = read_weights(folder / "merged").value();
  const auto base = read_weights(parity_folder("qwen3")).value();
  for (size_t i = 0; i < base.size(); ++i)
    EXPECT_EQ(merged[i].values[5] - base[i].values[5] > 3, base[i].name == weight) << base[i].name;
  const Called gguf = call({"model", "export", in_repository("tests/data/gguf/policy.gguf"),
                            "--adapter", folder.path(), "--hf", "-o", folder / "none"});
  EXPECT_EQ(gguf.code, 2);
  EXPECT_TRUE(has(gguf.err, "is a GGUF file")) << gguf.err;
}

TEST(ModelExportCommand, AsksForOneFormAndAPlace) {
  const TemporaryFolder folder;
  const std::string model = parity_folder("qwen3");
  const Called neither = call({"model", "export", model, "-o", folder / "x"});
  EXPECT_EQ(neither.code, 2);
  EXPECT_TRUE(has(neither.err, "--gguf TYPE or --hf")) << neither.err;
  EXPECT_EQ(call({"model", "export", model, "--hf", "--gguf", "f16", "-o", folder / "x"}).code, 2);
  EXPECT_EQ(call({"model", "export", model, "--gguf", "q3_k", "-o", folder / "x.gguf"}).code, 2);
  EXPECT_EQ(call({"model", "export", model, "--hf"}).code, 2);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace nelumbo

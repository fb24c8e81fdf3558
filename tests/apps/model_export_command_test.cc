// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
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

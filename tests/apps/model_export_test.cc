// SPDX-License-Identifier: Apache-2.0
#include "apps/model_export.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

ModelSource source_of(const std::string& model) {
  Result<ModelSource> source = open_model_source(model);
  EXPECT_TRUE(source.ok()) << source.error().message;
  return std::move(source).value();
}

std::string hash_of(const std::string& model) {
  const auto opened = open_model(model);
  EXPECT_TRUE(opened.ok()) << opened.error().message;
  return opened.ok() ? weights_hash(*opened.value().weights) : "";
}

int64_t entries_in(const std::string& folder) {
  return std::distance(fs::directory_iterator(folder), {});
}

TEST(ModelExport, ThereAndBackAWeightIsWhatItWas) {
  for (const char* model : kTextModels) {
    const TemporaryFolder folder;
    const std::string gguf = folder / "m.gguf", back = folder / "back";
    const auto there = export_gguf(source_of(parity_folder(model)), GgufType::kF32, gguf);
    ASSERT_TRUE(there.ok()) << there.error().message;
    const auto again = export_hf(source_of(gguf), StoredType::kF32, back);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(hash_of(gguf), hash_of(parity_folder(model))) << model;
    EXPECT_EQ(hash_of(back), hash_of(parity_folder(model))) << model;
    EXPECT_EQ(open_chat_model(back).value().ends,
              open_chat_model(parity_folder(model)).value().ends);
    EXPECT_EQ(entries_in(folder.path()), 2);
  }
}

TEST(ModelExport, EveryTokenThatEndsAnAnswerGoesAlong) {
  const TemporaryFolder folder;
  fs::copy(parity_folder("llama_tied"), folder / "m");
  put_file(folder / "m/generation_config.json", R"({"eos_token_id": [7, 2, 9, 11]})");
  ASSERT_TRUE(export_gguf(source_of(folder / "m"), GgufType::kF16, folder / "m.gguf").ok());
  ASSERT_TRUE(export_hf(source_of(folder / "m.gguf"), StoredType::kF32, folder / "back").ok());
  for (const char* form : {"m.gguf", "back"})
    EXPECT_EQ(open_chat_model(folder / form).value().ends, (std::vector<int32_t>{7, 2, 9, 11}));
}

TEST(ModelExport, AListOfEndsInTheConfigurationAloneGoesAlong) {
  const TemporaryFolder folder;
  fs::copy(parity_folder("llama_tied"), folder / "m");
  fs::remove(folder / "m/generation_config.json");
  auto config = parity_json("llama_tied", "config.json");
  config["eos_token_id"] = {2, 9};
  put_file(folder / "m/config.json", config.dump());
  ASSERT_TRUE(export_hf(source_of(folder / "m"), StoredType::kF32, folder / "back").ok());
  EXPECT_EQ(open_chat_model(folder / "back").value().ends, (std::vector<int32_t>{2, 9}));
}

TEST(ModelExport, AModelThatSeesKeepsItsDirectoryForm) {
  const TemporaryFolder folder;
  const ModelSource source = source_of(parity_folder("smolvlm"));
  const auto gguf = export_gguf(source, GgufType::kF16, folder / "m.gguf");
  ASSERT_FALSE(gguf.ok());
  EXPECT_TRUE(has(gguf.error().message, "no place for what sees pictures")) << gguf.error().message;
  ASSERT_TRUE(export_hf(source, StoredType::kF32, folder / "hf").ok());
  EXPECT_EQ(hash_of(folder / "hf"), hash_of(parity_folder("smolvlm")));
  EXPECT_TRUE(fs::exists(folder / "hf/preprocessor_config.json"));
}

TEST(ModelExport, SaysInTheConfigurationHowWeightsAreStored) {
  const TemporaryFolder folder;
  ASSERT_TRUE(
      export_hf(source_of(parity_folder("qwen2_bf16")), StoredType::kBf16, folder / "deep/hf/")
          .ok());
  const auto config = nlohmann::json::parse(slurp(folder / "deep/hf/config.json"));
  EXPECT_EQ(config.value("dtype", config.value("torch_dtype", "")), "bfloat16");
  EXPECT_EQ(hash_of(folder / "deep/hf"), hash_of(parity_folder("qwen2_bf16")));
}

TEST(ModelExport, WritesOverNothing) {
  const TemporaryFolder folder;
  const ModelSource source = source_of(parity_folder("llama_tied"));
  fs::create_directory(folder / "empty");
  EXPECT_TRUE(export_hf(source, StoredType::kF32, folder / "empty").ok());
  for (const auto& refused : {export_hf(source, StoredType::kF32, folder / "empty"),
                              export_hf(source, StoredType::kF32, folder / "empty/config.json"),
                              export_gguf(source, GgufType::kF32, folder / "m.bin")}) {
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
  }
  ASSERT_TRUE(export_gguf(source, GgufType::kF32, folder / "m.gguf").ok());
  EXPECT_EQ(export_gguf(source, GgufType::kF32, folder / "m.gguf").error().code,
            Errc::kInvalidConfig);
}

TEST(ModelExport, LeavesNothingWhereAWeightCannotBeHad) {
  const TemporaryFolder folder;
  ModelSource source = source_of(parity_folder("llama_tied"));
  source.weights = [](const std::string&) -> Result<NamedTensor> {
    return Error{Errc::kEnvironment, "the disk is gone"};
  };
  EXPECT_FALSE(export_hf(source, StoredType::kF32, folder / "hf").ok());
  EXPECT_FALSE(export_gguf(source, GgufType::kF32, folder / "m.gguf").ok());
  EXPECT_EQ(entries_in(folder.path()), 0);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/model_source.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/tokenizer.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

TEST(ModelSource, ADirectoryGivesItsDocumentsAndWeights) {
  const auto source = open_model_source(parity_folder("qwen3"));
  ASSERT_TRUE(source.ok()) << source.error().message;
  EXPECT_EQ(source.value().tokens.end.id, 902);
  for (const char* name :
       {"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"})
    EXPECT_TRUE(source.value().documents.contains(name)) << name;
  for (const SafetensorsPlan& plan : source.value().tensors)
    EXPECT_EQ(source.value().weights(plan.name).value().shape, plan.shape);
}

TEST(ModelSource, AGgufFileBecomesTheDocumentsOfADirectory) {
  const auto source = open_model_source(in_repository("tests/data/gguf/policy.gguf"));
  ASSERT_TRUE(source.ok()) << source.error().message;
  const auto& documents = source.value().documents;
  const auto config = parse_hf_config(documents.at("config.json"), "config.json");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().decoder.layers, source.value().config.decoder.layers);
  EXPECT_TRUE(Tokenizer::parse(documents.at("tokenizer.json"), "tokenizer.json").ok());
}

TEST(ModelSource, ATemplateOfAFileOfItsOwnGoesIntoTheTokenizerConfiguration) {
  const TemporaryFolder folder;
  fs::copy(parity_folder("llama_tied"), folder.path(), fs::copy_options::recursive);
  put_file(folder / "chat_template.jinja", "{{ bos_token }}é");
  const auto source = open_model_source(folder.path());
  ASSERT_TRUE(source.ok()) << source.error().message;
  const auto& documents = source.value().documents;
  EXPECT_EQ(json::parse(documents.at("tokenizer_config.json"))["chat_template"],
            "{{ bos_token }}é");
  EXPECT_FALSE(documents.contains("chat_template.jinja"));
}

TEST(ModelSource, ATemplateAboutPicturesStaysWhereTheProcessorLooks) {
  const TemporaryFolder folder;
  fs::copy(parity_folder("qwen2_5_vl"), folder.path(), fs::copy_options::recursive);
  put_file(folder / "chat_template.json", R"({"chat_template": "x"})");
  const auto source = open_model_source(folder.path());
  ASSERT_TRUE(source.ok()) << source.error().message;
  const auto& documents = source.value().documents;
  EXPECT_EQ(documents.at("chat_template.json"), R"({"chat_template": "x"})");
  EXPECT_TRUE(documents.contains("preprocessor_config.json"));
  EXPECT_FALSE(json::parse(documents.at("tokenizer_config.json")).contains("chat_template"));
}

TEST(ModelSource, NamesWhatIsMissing) {
  const TemporaryFolder folder;
  fs::copy(parity_folder("llama_tied"), folder.path(), fs::copy_options::recursive);
  fs::remove(folder / "tokenizer.json");
  const auto source = open_model_source(folder.path());
  ASSERT_FALSE(source.ok());
  EXPECT_TRUE(has(source.error().message, "tokenizer.json"));
  EXPECT_EQ(open_model_source(folder / "none").error().code, Errc::kInvalidConfig);
}

}  // namespace
}  // namespace nelumbo

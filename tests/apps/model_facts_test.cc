// SPDX-License-Identifier: Apache-2.0
#include "apps/model_facts.h"

#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "model/byte_level.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

TEST(ModelFacts, TellTheTypesTheTokenizerAndTheMemory) {
  const auto facts = model_facts(parity_folder("qwen3"));
  ASSERT_TRUE(facts.ok()) << facts.error().message;
  const json& all = facts.value();
  const int64_t parameters = all["parameters"];
  EXPECT_EQ(all["architecture"], "Qwen3ForCausalLM");
  EXPECT_EQ(all["dtypes"]["BF16"]["values"], parameters);
  EXPECT_EQ(all["dtypes"]["BF16"]["tensors"], all["tensors"].size());
  EXPECT_EQ(all["tensors"][0]["dtype"], "BF16");
  EXPECT_EQ(all["tokenizer"]["kind"], "byte-level BPE");
  EXPECT_EQ(all["tokenizer"]["lost_bytes"], json::array());
  EXPECT_EQ(all["memory"]["serve"], 4 * parameters) << "weights are in memory once";
  EXPECT_EQ(all["memory"]["serve_bf16"], 2 * parameters);
  EXPECT_EQ(all["memory"]["train"], 24 * parameters);
}

TEST(ModelFacts, TellTheTypesOfAGgufFile) {
  const auto facts = model_facts(in_repository("tests/data/gguf/policy.gguf"));
  ASSERT_TRUE(facts.ok()) << facts.error().message;
  int64_t values = 0;
  for (const auto& [name, of_type] : facts.value()["dtypes"].items())
    values += of_type["values"].get<int64_t>();
  EXPECT_EQ(values, facts.value()["parameters"]);
}

TEST(ModelFacts, QuoteTheBeginningOfTheChatTemplateAndTheLicence) {
  const TemporaryFolder folder;
  std::filesystem::copy(
      parity_folder("qwen3"), folder.path(),
      std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  put_file(folder / "chat_template.jinja", "{{ messages }}\nmore");
  put_file(folder / "LICENSE", "Apache License\n");
  const auto facts = model_facts(folder.path());
  ASSERT_TRUE(facts.ok()) << facts.error().message;
  EXPECT_EQ(facts.value()["chat_template"]["bytes"], 19);
  EXPECT_EQ(facts.value()["chat_template"]["first_line"], "{{ messages }}");
  EXPECT_EQ(facts.value()["licence"]["LICENSE"], "Apache License");
}

/// What is said of a copy of a model one file of which was changed.
std::string refusal(const std::string& model, const std::string& file,
                    const std::function<void(json&)>& change) {
  const TemporaryFolder folder;
  std::filesystem::copy(
      parity_folder(model), folder.path(),
      std::filesystem::copy_options::overwrite_existing | std::filesystem::copy_options::recursive);
  json document = json::parse(slurp(folder / file));
  change(document);
  std::filesystem::remove(folder / file);
  put_file(folder / file, document.dump());
  const auto facts = model_facts(folder.path());
  if (facts)
    return "accepted";
  EXPECT_EQ(facts.error().code, Errc::kBadData);
  const std::string& why = facts.error().message;
  return why.starts_with(folder.path()) ? why.substr(folder.path().size() + 1) : why;
}

TEST(ModelFacts, RefuseTokensThatTheVocabularyLacks) {
  const auto config = [](const char* key, const json& value) {
    return refusal("qwen3", "config.json", [&](json& document) { document[key] = value; });
  };
  EXPECT_EQ(config("bos_token_id", 99999),
            "config.json: bos_token_id must be a token id below 928, not 99999");
  EXPECT_EQ(config("eos_token_id", json({3, 99999})),
            "config.json: eos_token_id must be a token id below 928, not 99999");
  EXPECT_EQ(config("eos_token_id", "x"),
            "config.json: eos_token_id must be a token id below 928, not \"x\"");
  EXPECT_EQ(config("eos_token_id", nullptr), "accepted");
}

TEST(ModelFacts, RefuseAHeadThatTiedEmbeddingsContradict) {
  EXPECT_EQ(refusal("qwen3", "config.json",
                    [](json& document) { document["tie_word_embeddings"] = true; }),
            " config.json says tie_word_embeddings, and lm_head.weight differs from the embedding");
}

TEST(ModelFacts, ListTheBytesOfWrittenTextThatNoTokenStandsFor) {
  const auto lost_without = [](uint8_t byte) {
    const TemporaryFolder folder;
    json document = json::parse(slurp(parity_folder("qwen3") + "/tokenizer.json"));
    json& model = document["model"];
    const std::string token = to_byte_level(std::string(1, static_cast<char>(byte)));
    const json id = model["vocab"][token];
    model["vocab"].erase(token);
    model["vocab"]["a token of no use"] = id;
    json merges = json::array();
    for (const json& merge : model["merges"])
      if (merge.dump().find(token) == std::string::npos)
        merges.push_back(merge);
    model["merges"] = merges;
    put_file(folder / "tokenizer.json", document.dump());
    return model_facts(folder / "tokenizer.json").value()["tokenizer"]["lost_bytes"];
  };
  EXPECT_EQ(lost_without('!'), json::array({0x21}));
  EXPECT_EQ(lost_without(0x04), json::array()) << "real vocabularies lack control characters";
}

TEST(ModelFacts, RefuseATokenByNameThatTheVocabularyLacks) {
  const auto named = [](const json& token) {
    return refusal("qwen3", "tokenizer_config.json",
                   [&](json& document) { document["eos_token"] = token; });
  };
  EXPECT_EQ(named("<nope>"),
            "tokenizer_config.json: eos_token \"<nope>\" is no token of the vocabulary");
  EXPECT_EQ(named(7), "tokenizer_config.json: eos_token 7 is no token of the vocabulary");
  EXPECT_EQ(named(nullptr), "accepted");
}

}  // namespace
}  // namespace nelumbo

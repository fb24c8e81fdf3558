// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_tokenizer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/gguf.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const std::string kSpace = "\u2581";

GgufMetadata metadata_of(const std::string& model, const std::vector<std::string>& tokens,
                         const std::vector<int32_t>& types) {
  return {{"tokenizer.ggml.model", GgufValue::text(model)},
          {"tokenizer.ggml.tokens", GgufValue::texts(tokens)},
          {"tokenizer.ggml.token_type", GgufValue::integers(types)}};
}

void add(GgufMetadata& metadata, const std::string& name, GgufValue value) {
  metadata.emplace_back("tokenizer.ggml." + name, std::move(value));
}

json document_of(const GgufMetadata& metadata) {
  const auto documents = tokenizer_documents(metadata, "f");
  return documents.ok() ? json::parse(documents.value().tokenizer)
                        : json(documents.error().message);
}

TEST(GgufTokenizer, AFileOfTheGgufPackageEncodesText) {
  const auto file =
      GgufFile::open(std::string(NELUMBO_SOURCE_DIR) + "/tests/data/gguf/policy.gguf");
  ASSERT_TRUE(file.ok()) << file.error().message;
  const auto documents = tokenizer_documents(file.value().metadata(), "f");
  ASSERT_TRUE(documents.ok()) << documents.error().message;
  const auto tokenizer = Tokenizer::parse(documents.value().tokenizer, "tokenizer.json");
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.error().message;
  EXPECT_EQ(tokenizer.value().encode("hello hello", Tokenizer::Control::kPlain),
            (std::vector<int32_t>{260, 261}));
  EXPECT_EQ(tokenizer.value().encode("<|endoftext|>", Tokenizer::Control::kRecognised),
            std::vector<int32_t>{0});
  EXPECT_EQ(tokenizer.value().id("[PAD262]"), std::nullopt);
  const json config = json::parse(documents.value().tokenizer_config);
  EXPECT_EQ(config["eos_token"], "<|endoftext|>");
  EXPECT_EQ(config["chat_template"], "{{ messages }}");
  EXPECT_EQ(config["add_bos_token"], false);
}

TEST(GgufTokenizer, ControlTokensAreSpecialAndTheUsersAreNot) {
  const json document = document_of(metadata_of("gpt2", {"a", "<c>", "<u>", "x"}, {1, 3, 4, 5}));
  ASSERT_EQ(document["added_tokens"].size(), 2U);
  EXPECT_EQ(document["added_tokens"][0]["special"], true);
  EXPECT_EQ(document["added_tokens"][1]["content"], "<u>");
  EXPECT_EQ(document["added_tokens"][1]["special"], false);
  EXPECT_EQ(document["model"]["vocab"], (json{{"a", 0}, {"<c>", 1}, {"<u>", 2}}));
}

TEST(GgufTokenizer, TheBeginTokenIsAddedAsTheFileOrItsFamilySays) {
  GgufMetadata llama = metadata_of("gpt2", {"a", "<b>"}, {1, 3});
  add(llama, "pre", GgufValue::text("llama-bpe"));
  add(llama, "bos_token_id", GgufValue::natural(1));
  EXPECT_EQ(document_of(llama)["post_processor"]["single"][0]["SpecialToken"]["id"], "<b>");
  EXPECT_EQ(document_of(llama)["post_processor"]["special_tokens"]["<b>"]["ids"], json{1});
  add(llama, "add_bos_token", GgufValue::flag(false));
  EXPECT_TRUE(document_of(llama)["post_processor"].is_null());
  add(llama, "add_eos_token", GgufValue::flag(true));
  add(llama, "eos_token_id", GgufValue::natural(0));
  EXPECT_EQ(document_of(llama)["post_processor"]["single"][1]["SpecialToken"]["id"], "a");
}

TEST(GgufTokenizer, ScoresBecomeMergesBestFirst) {
  GgufMetadata pieces = metadata_of("llama", {"<unk>", "a", "b", "c", "bc", "ab", "abc", "<0x41>"},
                                    {2, 1, 1, 1, 1, 1, 1, 6});
  add(pieces, "scores", GgufValue::reals({0, -9, -9, -9, -1, -2, -3, 0}));
  add(pieces, "unknown_token_id", GgufValue::natural(0));
  const json document = document_of(pieces);
  EXPECT_EQ(document["model"]["merges"].dump(), R"([["b","c"],["a","b"],["a","bc"],["ab","c"]])");
  EXPECT_EQ(document["model"]["byte_fallback"], true);
  EXPECT_EQ(document["model"]["unk_token"], "<unk>");
  EXPECT_EQ(document["normalizer"]["normalizers"][0]["prepend"], kSpace);
  add(pieces, "add_space_prefix", GgufValue::flag(false));
  EXPECT_EQ(document_of(pieces)["normalizer"]["normalizers"].size(), 1U);
}

TEST(GgufTokenizer, UnigramKeepsItsScores) {
  GgufMetadata unigram = metadata_of("t5", {"<unk>", kSpace + "a"}, {2, 1});
  add(unigram, "scores", GgufValue::reals({0, -1.5F}));
  add(unigram, "unknown_token_id", GgufValue::natural(0));
  const json document = document_of(unigram);
  EXPECT_EQ(document["model"]["type"], "Unigram");
  EXPECT_EQ(document["model"]["vocab"][1], (json{kSpace + "a", -1.5}));
  EXPECT_EQ(document["model"]["unk_id"], 0);
  EXPECT_EQ(document["pre_tokenizer"]["prepend_scheme"], "always");
}

TEST(GgufTokenizer, TokensBehindThePiecesOfUnigramAreNoPieces) {
  GgufMetadata unigram = metadata_of("t5", {"<unk>", "a", "<c>", "[PAD3]"}, {2, 1, 3, 5});
  add(unigram, "scores", GgufValue::reals({0, -1, 0, 0}));
  const json document = document_of(unigram);
  EXPECT_EQ(document["model"]["vocab"].size(), 2U);
  EXPECT_EQ(document["model"]["unk_id"], 0);
  EXPECT_EQ(document["added_tokens"][1]["content"], "<c>");
}

TEST(GgufTokenizer, RefusesWhatItCannotFollow) {
  EXPECT_EQ(document_of({}), "f: tokenizer.ggml.model must be gpt2, llama or t5, not \"\"");
  EXPECT_EQ(document_of(metadata_of("gpt2", {}, {})), "f: has no tokenizer.ggml.tokens");
  EXPECT_EQ(document_of(metadata_of("gpt2", {"a", "a"}, {1, 1})),
            "f: token \"a\" stands twice, the second time as 1");
  EXPECT_EQ(document_of(metadata_of("llama", {"a"}, {1})),
            "f: has neither tokenizer.ggml.scores nor merges");
  GgufMetadata merges = metadata_of("gpt2", {"a"}, {1});
  add(merges, "merges", GgufValue::texts({"ab"}));
  EXPECT_EQ(document_of(merges), "f: tokenizer.ggml.merges: entry 0, \"ab\", must be two tokens");
  GgufMetadata unknown = metadata_of("gpt2", {"a"}, {1});
  add(unknown, "pre", GgufValue::text("\x1B"));
  EXPECT_EQ(document_of(unknown).get<std::string>().rfind(
                "f: tokenizer.ggml.pre \"\\u001b\" is not supported; supported: default,", 0),
            0U);
  GgufMetadata mapped = metadata_of("t5", {"a"}, {1});
  add(mapped, "scores", GgufValue::reals({0}));
  add(mapped, "precompiled_charsmap", GgufValue::integers({1}));
  EXPECT_EQ(document_of(mapped), "f: tokenizer.ggml.precompiled_charsmap is not supported");
}

TEST(GgufTokenizer, LongTokensCannotCostMoreThanTheLimit) {
  GgufMetadata pieces = metadata_of("llama", {std::string(40'000, 'a')}, {1});
  add(pieces, "scores", GgufValue::reals({0}));
  EXPECT_EQ(document_of(pieces), "f: its tokens are too long to find the merges between them");
  std::vector<std::string> powers;
  for (size_t length = 1; length <= 500; ++length)
    powers.emplace_back(length, 'a');
  GgufMetadata made_of_each_other =
      metadata_of("llama", powers, std::vector<int32_t>(powers.size(), 1));
  add(made_of_each_other, "scores", GgufValue::reals(std::vector<float>(powers.size(), 0)));
  EXPECT_EQ(document_of(made_of_each_other),
            "f: its tokens are made of each other in too many ways");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/gguf_tokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

const std::string kSpace = "\u2581";

json byte_level_tokenizer() {
  return json::parse(R"({
    "added_tokens": [{"id": 3, "content": "<|end|>", "special": true},
                     {"id": 4, "content": "<tool>", "special": false}],
    "normalizer": null,
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
        {"type": "Digits", "individual_digits": true},
        {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}]},
    "post_processor": {"type": "TemplateProcessing", "single": [
        {"SpecialToken": {"id": "<|end|>", "type_id": 0}}, {"Sequence": {"id": "A"}}]},
    "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}})");
}

json piece_tokenizer() {
  return json::parse(R"({
    "added_tokens": [{"id": 0, "content": "<unk>", "special": true}],
    "normalizer": {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "X"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "X"}]},
    "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true,
              "vocab": {"<unk>": 0, "a": 1, "b": 2, "ab": 3, "ba": 4, "<0x0A>": 5},
              "merges": ["b a", "a b"]}})");
}

Result<GgufMetadata> exported(const json& tokenizer, const json& config = json::object(),
                              int64_t vocab_size = 6) {
  return tokenizer_metadata({tokenizer.dump(), config.dump()}, vocab_size, "f");
}

std::string refusal(const json& tokenizer, int64_t vocab_size = 6) {
  const auto made = exported(tokenizer, json::object(), vocab_size);
  return made.ok() ? "accepted" : made.error().message;
}

const GgufValue& at(const Result<GgufMetadata>& metadata, const std::string& name) {
  static const GgufValue kNone;
  const GgufValue* value = find(metadata.value(), "tokenizer.ggml." + name);
  return value == nullptr ? kNone : *value;
}

TEST(GgufTokenizerExport, EveryRowOfTheEmbeddingHasAToken) {
  const auto metadata = exported(byte_level_tokenizer());
  ASSERT_TRUE(metadata.ok()) << metadata.error().message;
  EXPECT_EQ(at(metadata, "model").as_text(), "gpt2");
  EXPECT_EQ(at(metadata, "pre").as_text(), "smollm");
  EXPECT_EQ(at(metadata, "tokens").as_texts(),
            (std::vector<std::string>{"a", "b", "ab", "<|end|>", "<tool>", "[PAD5]"}));
  EXPECT_EQ(at(metadata, "token_type").as_integers(), (std::vector<int64_t>{1, 1, 1, 3, 4, 5}));
  EXPECT_EQ(at(metadata, "merges").as_texts(), std::vector<std::string>{"a b"});
}

TEST(GgufTokenizerExport, RolesComeFromTheConfigurationOrTheTemplate) {
  const auto templated = exported(byte_level_tokenizer());
  EXPECT_EQ(at(templated, "bos_token_id").as_natural(), 3);
  EXPECT_EQ(at(templated, "add_bos_token").as_flag(), true);
  EXPECT_EQ(at(templated, "add_eos_token").as_flag(), false);
  const json config{{"eos_token", {{"content", "<|end|>"}}},
                    {"bos_token", "a"},
                    {"pad_token", "not there"},
                    {"add_bos_token", false},
                    {"chat_template", json::array({{{"name", "tools"}, {"template", "x"}},
                                                   {{"name", "default"}, {"template", "y"}}})}};
  const auto said = exported(byte_level_tokenizer(), config);
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(at(said, "bos_token_id").as_natural(), 0);
  EXPECT_EQ(at(said, "eos_token_id").as_natural(), 3);
  EXPECT_EQ(at(said, "add_bos_token").as_flag(), false);
  EXPECT_EQ(find(said.value(), "tokenizer.ggml.padding_token_id"), nullptr);
  EXPECT_EQ(find(said.value(), "tokenizer.chat_template")->as_text(), "y");
}

TEST(GgufTokenizerExport, PiecesGetScoresInTheOrderOfTheirMerges) {
  const auto metadata = exported(piece_tokenizer());
  ASSERT_TRUE(metadata.ok()) << metadata.error().message;
  EXPECT_EQ(at(metadata, "model").as_text(), "llama");
  EXPECT_EQ(at(metadata, "token_type").as_integers(), (std::vector<int64_t>{2, 1, 1, 1, 1, 6}));
  EXPECT_EQ(at(metadata, "scores").as_reals(), (std::vector<double>{-3, -3, -3, -1, 0, -3}));
  EXPECT_EQ(at(metadata, "add_space_prefix").as_flag(), true);
}

TEST(GgufTokenizerExport, WhatIsWrittenReadsBack) {
  for (const json& tokenizer : {byte_level_tokenizer(), piece_tokenizer()}) {
    const auto metadata = exported(tokenizer, {{"unk_token", "<unk>"}});
    ASSERT_TRUE(metadata.ok());
    const auto again = tokenizer_documents(metadata.value(), "f");
    ASSERT_TRUE(again.ok()) << again.error().message;
    const auto twice = tokenizer_metadata(again.value(), 6, "f");
    ASSERT_TRUE(twice.ok()) << twice.error().message;
    ASSERT_EQ(twice.value().size(), metadata.value().size());
    for (size_t i = 0; i < twice.value().size(); ++i) {
      EXPECT_EQ(twice.value()[i].first, metadata.value()[i].first);
      EXPECT_EQ(twice.value()[i].second.bytes, metadata.value()[i].second.bytes);
    }
  }
}

TEST(GgufTokenizerExport, UnigramKeepsItsScores) {
  const json unigram = json::parse(R"({
    "pre_tokenizer": {"type": "Metaspace", "prepend_scheme": "never"},
    "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.5]]}})");
  const auto metadata = exported(unigram, json::object(), 2);
  ASSERT_TRUE(metadata.ok()) << metadata.error().message;
  EXPECT_EQ(at(metadata, "model").as_text(), "t5");
  EXPECT_EQ(at(metadata, "scores").as_reals(), (std::vector<double>{0, -1.5}));
  EXPECT_EQ(at(metadata, "token_type").as_integers(), (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(at(metadata, "add_space_prefix").as_flag(), false);
}

TEST(GgufTokenizerExport, RefusesWhatGgufCannotSay) {
  EXPECT_EQ(refusal(byte_level_tokenizer(), 4),
            "f: tokenizer.json: token \"<tool>\" has id 4, the embedding 4 rows");
  json clash = byte_level_tokenizer();
  clash["added_tokens"][0]["id"] = 2;
  EXPECT_EQ(refusal(clash), "f: tokenizer.json: token \"<|end|>\" does not have id 2 for itself");
  clash["added_tokens"][0] = {{"id", 5}, {"content", "ab"}};
  EXPECT_EQ(refusal(clash), "f: tokenizer.json: token \"ab\" does not have id 5 for itself");
  json spaced = byte_level_tokenizer();
  spaced["model"]["merges"] = json::array({{"a b", "c"}});
  EXPECT_EQ(refusal(spaced),
            "f: tokenizer.json: merge [\"a b\",\"c\"] must be two tokens without a space in them");
  json words = byte_level_tokenizer();
  words["model"]["type"] = "WordPiece";
  EXPECT_EQ(refusal(words), "f: tokenizer.json: its model must be BPE or Unigram");
  json lower = piece_tokenizer();
  lower["normalizer"] = {{"type", "Lowercase"}};
  EXPECT_EQ(refusal(lower),
            "f: tokenizer.json: step {\"type\":\"Lowercase\"} has no place in GGUF");
}

TEST(GgufTokenizerExport, MalformedDocumentsAreErrors) {
  EXPECT_FALSE(tokenizer_metadata({"", "{}"}, 6, "f").ok());
  EXPECT_FALSE(tokenizer_metadata({"[]", "{}"}, 6, "f").ok());
  EXPECT_FALSE(tokenizer_metadata({byte_level_tokenizer().dump(), "[]"}, 6, "f").ok());
  for (const char* key : {"added_tokens", "normalizer", "pre_tokenizer", "post_processor", "model"})
    for (const char* junk :
         {"3", "[3]", "{}", R"({"type":"Sequence"})", R"("x")", R"({"type":"BPE"})",
          R"({"type":"BPE","vocab":{},"merges":3})", R"({"type":"Unigram","vocab":[3]})"}) {
      json damaged = byte_level_tokenizer();
      damaged[key] = json::parse(junk);
      const auto made = exported(damaged);
      EXPECT_TRUE(made.ok() || made.error().code == Errc::kBadData);
    }
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_vocabulary.h"

#include <cmath>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

GgufMetadata metadata_of(const std::vector<std::string>& tokens,
                         const std::vector<int32_t>& types) {
  return {{"tokenizer.ggml.model", GgufValue::text("gpt2")},
          {"tokenizer.ggml.tokens", GgufValue::texts(tokens)},
          {"tokenizer.ggml.token_type", GgufValue::integers(types)}};
}

void add(GgufMetadata& metadata, const std::string& name, GgufValue value) {
  metadata.emplace_back("tokenizer.ggml." + name, std::move(value));
}

std::string refusal(const GgufMetadata& metadata) {
  const auto read = read_vocabulary(metadata, "f");
  return read.ok() ? "accepted" : read.error().message;
}

TEST(GgufVocabulary, WhatTheFileDoesNotSayIsNothing) {
  GgufMetadata metadata{{"tokenizer.ggml.tokens", GgufValue::texts({"a", "b"})}};
  add(metadata, "eos_token_id", GgufValue::natural(1));
  add(metadata, "bos_token_id", GgufValue::natural(2));
  add(metadata, "add_eos_token", GgufValue::flag(false));
  const auto read = read_vocabulary(metadata, "f");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().pre, "default");
  EXPECT_EQ(read.value().types, std::vector<GgufTokenType>(2, GgufTokenType::kNormal));
  EXPECT_EQ(read.value().end_id, 1U);
  EXPECT_EQ(read.value().begin_id, std::nullopt);
  EXPECT_EQ(read.value().add_end, false);
  EXPECT_EQ(read.value().add_begin, std::nullopt);
  EXPECT_EQ(read.value().chat_template, std::nullopt);
  EXPECT_FALSE(read.value().has(GgufTokenType::kByte));
}

TEST(GgufVocabulary, NamesTheKeyThatMakesNoSense) {
  EXPECT_EQ(refusal(metadata_of({"a\xFF"}, {1})), "f: tokenizer.ggml.tokens: entry 0 is not UTF-8");
  EXPECT_EQ(refusal(metadata_of({"a"}, {9})),
            "f: tokenizer.ggml.token_type: entry 0 must be from 1 to 6, not 9");
  EXPECT_EQ(refusal(metadata_of({"a"}, {1, 1})),
            "f: tokenizer.ggml.token_type must have one entry for each token");
  GgufMetadata scored = metadata_of({"a"}, {1});
  add(scored, "scores", GgufValue::reals({NAN}));
  EXPECT_EQ(refusal(scored), "f: tokenizer.ggml.scores must be finite");
  GgufMetadata merged = metadata_of({"a"}, {1});
  add(merged, "merges", GgufValue::natural(1));
  EXPECT_EQ(refusal(merged), "f: tokenizer.ggml.merges must be a list of texts");
  GgufMetadata chatty = metadata_of({"a"}, {1});
  chatty.emplace_back("tokenizer.chat_template", GgufValue::text("\xFF"));
  EXPECT_EQ(refusal(chatty), "f: tokenizer.chat_template must be a UTF-8 text");
}

TEST(GgufVocabulary, ArraysMustHaveOneEntryForEachRow) {
  GgufMetadata metadata = metadata_of({"a", "b"}, {1, 1});
  EXPECT_TRUE(check_tokenizer_metadata(metadata, 2, "f").ok());
  EXPECT_TRUE(check_tokenizer_metadata({}, 2, "f").ok());
  EXPECT_EQ(check_tokenizer_metadata(metadata, 3, "f").error().message,
            "f: tokenizer.ggml.tokens has 2 entries, the embedding 3 rows");
  add(metadata, "scores", GgufValue::reals({1}));
  EXPECT_EQ(check_tokenizer_metadata(metadata, 2, "f").error().message,
            "f: tokenizer.ggml.scores has 1 entries, not one for each token");
}

}  // namespace
}  // namespace nelumbo

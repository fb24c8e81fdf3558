// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_pretokenizer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/pretokenizer.h"

namespace nelumbo {
namespace {

using nlohmann::json;

std::vector<std::string> words(const std::string& name, const std::string& text) {
  const auto made = Pretokenizer::parse(pretokenizer_json(*gguf_pretokenizer(name)), "p");
  if (!made)
    return {made.error().message};
  const Words cut = made.value().words(text, Pretokenizer::Start::kOfInput);
  std::vector<std::string> shown;
  for (int64_t i = 0; i < cut.size(); ++i)
    shown.emplace_back(cut[i]);
  return shown;
}

json tokenizer(const json& pre_tokenizer, bool ignore_merges = false) {
  return {{"pre_tokenizer", pre_tokenizer}, {"model", {{"ignore_merges", ignore_merges}}}};
}

std::string name_of(const json& tokenizer) {
  const auto found = gguf_pretokenizer_of(tokenizer, "t");
  return found.ok() ? std::string(found.value()->name) : found.error().message;
}

using Texts = std::vector<std::string>;

TEST(GgufPretokenizer, FamiliesCutDigitsDifferently) {
  EXPECT_EQ(words("gpt-2", "ab 1234"), (Texts{"ab", " 1234"}));
  EXPECT_EQ(words("smollm", "ab 1234"), (Texts{"ab", " ", "1", "2", "3", "4"}));
  EXPECT_EQ(words("llama-bpe", "ab 1234"), (Texts{"ab", " ", "123", "4"}));
  EXPECT_EQ(words("qwen2", "ab 1234"), (Texts{"ab", " ", "1", "2", "3", "4"}));
  EXPECT_EQ(words("default", "ab 12345"), (Texts{"ab", " ", "123", "45"}));
  EXPECT_EQ(words("falcon", "ab 12345"), (Texts{"ab", " ", "123", "45"}));
  EXPECT_EQ(words("deepseek-v3", "ab 1234"), (Texts{"ab", " ", "123", "4"}));
  EXPECT_EQ(words("tekken", "aB 12"), (Texts{"a", "B", " ", "1", "2"}));
  EXPECT_EQ(words("gpt-4o", "aB'll 12"), (Texts{"a", "B'll", " ", "12"}));
}

TEST(GgufPretokenizer, MarksStayWithTheirLettersInQwen35) {
  EXPECT_EQ(words("qwen35", "e\u0301a"), Texts{"e\u0301a"});
  EXPECT_EQ(words("qwen2", "e\u0301a").size(), 2U);
}

TEST(GgufPretokenizer, WhatIsWrittenIsRecognised) {
  for (const char* name : {"default", "gpt-2", "smollm", "llama-bpe", "stablelm2", "qwen35",
                           "deepseek-coder", "deepseek-v3", "falcon", "tekken", "gpt-4o"}) {
    const GgufPretokenizer* known = gguf_pretokenizer(name);
    ASSERT_NE(known, nullptr) << name;
    EXPECT_EQ(name_of(tokenizer(pretokenizer_json(*known), known->ignore_merges)), name);
  }
}

TEST(GgufPretokenizer, TheNormaliserTellsQwenFromOthersThatCutAlike) {
  json qwen = tokenizer(pretokenizer_json(*gguf_pretokenizer("qwen2")));
  EXPECT_EQ(name_of(qwen), "stablelm2");
  qwen["normalizer"] = {{"type", "NFC"}};
  EXPECT_EQ(name_of(qwen), "qwen2");
  json smollm = tokenizer(pretokenizer_json(*gguf_pretokenizer("smollm")));
  smollm["normalizer"] = {{"type", "NFC"}};
  EXPECT_EQ(name_of(smollm), "smollm");
}

TEST(GgufPretokenizer, SaysWhatGgufHasNoWordFor) {
  EXPECT_EQ(name_of(tokenizer({{"type", "Metaspace"}})),
            "t: pre_tokenizer \"Metaspace\" has no name in GGUF");
  EXPECT_EQ(name_of(tokenizer({{"type", "ByteLevel"}, {"add_prefix_space", true}})),
            "t: pre_tokenizer \"ByteLevel\" has no name in GGUF");
  EXPECT_EQ(name_of(tokenizer(pretokenizer_json(*gguf_pretokenizer("gpt-2")), true))
                .rfind("t: its pre_tokenizer has no name in GGUF", 0),
            0U);
  json lower = tokenizer(pretokenizer_json(*gguf_pretokenizer("gpt-2")));
  lower["normalizer"] = {{"type", "Lowercase"}};
  EXPECT_EQ(name_of(lower), "t: normalizer \"Lowercase\" has no place in GGUF");
  EXPECT_EQ(gguf_pretokenizer("unheard of"), nullptr);
}

}  // namespace
}  // namespace nelumbo

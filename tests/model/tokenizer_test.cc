// SPDX-License-Identifier: Apache-2.0
#include "model/tokenizer.h"

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/byte_level.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using Ids = std::vector<int32_t>;
constexpr auto kPlain = Tokenizer::Control::kPlain;
constexpr auto kRecognised = Tokenizer::Control::kRecognised;
constexpr auto kKeep = Tokenizer::Special::kKeep;
constexpr auto kSkip = Tokenizer::Special::kSkip;

/// Bytes have their own ids; then "he", "ll", "hell", "hello", " a"; then two added tokens.
json document() {
  json vocab = json::object();
  for (int byte = 0; byte < 256; ++byte)
    vocab[to_byte_level(std::string(1, static_cast<char>(byte)))] = byte;
  int id = 256;
  for (const char* token : {"he", "ll", "hell", "hello", "Ġa"})
    vocab[token] = id++;
  return {
      {"added_tokens",
       {{{"id", 261}, {"content", "<|end|>"}, {"special", true}},
        {{"id", 262}, {"content", "white cell"}, {"special", false}}}},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
      {"decoder", {{"type", "ByteLevel"}}},
      {"model",
       {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"h e", "l l", "he ll", "hell o", "Ġ a"}}}}};
}

Tokenizer made(const json& from) {
  Result<Tokenizer> tokenizer = Tokenizer::parse(from.dump(), "t");
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.error().message;
  return std::move(tokenizer).value();
}

TEST(Tokenizer, EncodesWordsByMerges) {
  const Tokenizer tokenizer = made(document());
  EXPECT_EQ(tokenizer.encode("hello a", kPlain), (Ids{259, 260}));
  EXPECT_EQ(tokenizer.encode("hellhe", kPlain), (Ids{258, 256}));
  EXPECT_EQ(tokenizer.encode("", kRecognised), Ids{});
}

TEST(Tokenizer, RecognisesAddedTokensOnlyWhereAsked) {
  const Tokenizer tokenizer = made(document());
  EXPECT_EQ(tokenizer.encode("hello<|end|>white cell", kRecognised), (Ids{259, 261, 262}));
  const Ids plain = tokenizer.encode("<|end|>", kPlain);
  EXPECT_EQ(plain, (Ids{'<', '|', 'e', 'n', 'd', '|', '>'}));
  EXPECT_EQ(tokenizer.decode(plain, kSkip), "<|end|>");
}

TEST(Tokenizer, NeverMergesTextIntoAControlToken) {
  json hostile = document();
  hostile["added_tokens"][0] = {{"id", 259}, {"content", "hello"}, {"special", true}};
  EXPECT_EQ(made(hostile).encode("hello", kPlain), (Ids{258, 'o'}));
  hostile["model"]["ignore_merges"] = true;
  EXPECT_EQ(made(hostile).encode("hello", kPlain), (Ids{258, 'o'}));
  EXPECT_EQ(made(hostile).encode("hello", kRecognised), (Ids{259}));
}

TEST(Tokenizer, TakesWholeWordsWhereMergesAreIgnored) {
  json whole = document();
  whole["model"]["merges"] = json::array();
  EXPECT_EQ(made(whole).encode("hello", kPlain), (Ids{'h', 'e', 'l', 'l', 'o'}));
  whole["model"]["ignore_merges"] = true;
  EXPECT_EQ(made(whole).encode("hello", kPlain), (Ids{259}));
}

TEST(Tokenizer, ReplacesInvalidTextBeforeItEncodes) {
  const Tokenizer tokenizer = made(document());
  EXPECT_EQ(tokenizer.decode(tokenizer.encode("a\xFFz\xE2\x82", kPlain), kKeep), "a\uFFFDz\uFFFD");
}

TEST(Tokenizer, DecodesEveryTextBack) {
  const Tokenizer tokenizer = made(document());
  for (const std::string text : {"hello\r\n\t  a", "é漢😀 \u00a0x", "white cell<|end|>", ""})
    for (const auto control : {kPlain, kRecognised})
      EXPECT_EQ(tokenizer.decode(tokenizer.encode(text, control), kKeep), text);
}

TEST(Tokenizer, LeavesOutSpecialAndUnknownTokens) {
  const Tokenizer tokenizer = made(document());
  EXPECT_EQ(tokenizer.decode({259, 261, 262}, kKeep), "hello<|end|>white cell");
  EXPECT_EQ(tokenizer.decode({259, 261, 262}, kSkip), "hellowhite cell");
  EXPECT_EQ(tokenizer.decode({-1, 259, 100'000}, kKeep), "hello");
  EXPECT_EQ(tokenizer.decode({0xE2, 0x82}, kKeep), "\uFFFD");
}

TEST(Tokenizer, KnowsTokensByTheirText) {
  const Tokenizer tokenizer = made(document());
  EXPECT_EQ(tokenizer.size(), 263);
  EXPECT_EQ(tokenizer.id(" a"), 260);
  EXPECT_EQ(tokenizer.id("white cell"), 262);
  EXPECT_EQ(tokenizer.id("hel"), std::nullopt);
  for (int32_t id = 0; id < tokenizer.size(); ++id)
    EXPECT_EQ(tokenizer.id(tokenizer.piece(id)), id);
}

TEST(Tokenizer, KeepsItsDocument) {
  EXPECT_EQ(made(document()).json(), document().dump());
}

TEST(Tokenizer, ReadsAFileAndNamesOneThatIsNotThere) {
  const std::string path = testing::TempDir() + "tokenizer_reads.json";
  std::ofstream(path) << document().dump();
  const Result<Tokenizer> tokenizer = Tokenizer::read(path);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.error().message;
  EXPECT_EQ(tokenizer.value().size(), 263);
  const Result<Tokenizer> missing = Tokenizer::read(path + ".none");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find(path + ".none"), std::string::npos);
}

TEST(Tokenizer, GivesThreadsTheSameIds) {
  const Tokenizer tokenizer = made(document());
  const std::string text = "hello a <|end|> white cell, hell! 123";
  const Ids expected = tokenizer.encode(text, kRecognised);
  std::vector<Ids> seen(4);
  {
    std::vector<std::jthread> threads;
    for (Ids& ids : seen)
      threads.emplace_back([&] {
        for (int round = 0; round < 50; ++round)
          ids = tokenizer.encode(text, kRecognised);
      });
  }
  for (const Ids& ids : seen)
    EXPECT_EQ(ids, expected);
}

}  // namespace
}  // namespace nelumbo

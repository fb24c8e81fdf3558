// SPDX-License-Identifier: Apache-2.0
#include "model/tokenizer.h"

#include <filesystem>
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

TEST(Tokenizer, FramesIdsAsTheFileSays) {
  json framed = document();
  framed["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single", {{{"SpecialToken", {{"id", "<|end|>"}}}}, {{"Sequence", {{"id", "A"}}}}}},
      {"special_tokens", {{"<|end|>", {{"ids", {261}}}}}}};
  EXPECT_EQ(made(framed).framed({259}), (Ids{261, 259}));
  EXPECT_EQ(made(document()).framed({259}), (Ids{259}));
}

/// The cases of tests/data/tokenizers: what the library makes of texts and ids.
class TokenizerParity : public ::testing::TestWithParam<const char*> {
 protected:
  static std::string file(const std::string& name) {
    return NELUMBO_SOURCE_DIR "/tests/data/tokenizers/" + std::string(GetParam()) + "/" + name;
  }
  static json cases() { return json::parse(std::ifstream(file("cases.json"))); }
};

TEST_P(TokenizerParity, EncodesAndDecodesAsTheLibrary) {
  const Result<Tokenizer> read = Tokenizer::read(file("tokenizer.json"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Tokenizer& tokenizer = read.value();
  const json all = cases();
  for (const json& one : all["encode"]) {
    const Ids ids = one["ids"];
    EXPECT_EQ(tokenizer.encode(one["text"].get<std::string>(), kRecognised), ids) << one["text"];
    const json& framed = one.contains("ids_with_special") ? one["ids_with_special"] : one["ids"];
    EXPECT_EQ(tokenizer.framed(ids), framed.get<Ids>()) << one["text"];
  }
  for (const char* list : {"encode", "decode"})
    for (const json& one : all[list]) {
      EXPECT_EQ(tokenizer.decode(one["ids"], kKeep), one["decode"]) << one["ids"];
      EXPECT_EQ(tokenizer.decode(one["ids"], kSkip), one["decode_skip_special"]) << one["ids"];
    }
}

TEST_P(TokenizerParity, NeverMakesAControlTokenOfPlainText) {
  const Result<Tokenizer> read = Tokenizer::read(file("tokenizer.json"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const json document = json::parse(read.value().json());
  std::vector<bool> special(read.value().size(), false);
  std::string text;
  for (const json& token : document["added_tokens"]) {
    special[token["id"]] = token["special"];
    text += token["content"].get<std::string>() + " ";
  }
  for (const int32_t id : read.value().encode(text, kPlain))
    EXPECT_FALSE(special[id]) << id;
}

INSTANTIATE_TEST_SUITE_P(Families, TokenizerParity,
                         ::testing::Values("qwen2_style", "smollm2_style", "llama3_style",
                                           "unigram_style", "llama2_style"));

TEST(Tokenizer, RefusesEveryBadFileInOneLine) {
  int refused = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(NELUMBO_SOURCE_DIR "/tests/data/tokenizers/bad")) {
    const std::string path = entry.path();
    const Result<Tokenizer> read = Tokenizer::read(path);
    EXPECT_EQ(read.ok(), entry.path().stem() == "ok_control") << path;
    if (read.ok())
      continue;
    ++refused;
    EXPECT_EQ(read.error().code, Errc::kBadData) << path;
    EXPECT_EQ(read.error().message.rfind(path + ": ", 0), 0U) << read.error().message;
    EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
  }
  EXPECT_GT(refused, 15);
}

TEST(Tokenizer, EndsSoonOnAMegabyteOfOneCharacter) {
  for (const char* family : {"qwen2_style", "unigram_style", "llama2_style"}) {
    const Result<Tokenizer> read = Tokenizer::read(NELUMBO_SOURCE_DIR "/tests/data/tokenizers/" +
                                                   std::string(family) + "/tokenizer.json");
    ASSERT_TRUE(read.ok()) << read.error().message;
    for (const char c : {'a', ' ', '1'})
      EXPECT_FALSE(read.value().encode(std::string(1'000'000, c), kRecognised).empty());
  }
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

TEST(Tokenizer, KnowsTheBytesThatItLeavesOut) {
  EXPECT_TRUE(made(document()).lost_bytes().empty());
  EXPECT_EQ(made(document()).kind(), "byte-level BPE");
  json lacking = document();
  lacking["model"]["vocab"].erase("!");
  const Tokenizer tokenizer = made(lacking);
  EXPECT_EQ(tokenizer.lost_bytes(), (std::vector<uint8_t>{'!'}));
  EXPECT_EQ(tokenizer.encode("a!a", kPlain), (Ids{'a', 'a'})) << "as the tokenizers library";
  EXPECT_FALSE(tokenizer.has('!'));
  lacking["model"]["unk_token"] = "ll";
  EXPECT_TRUE(made(lacking).lost_bytes().empty()) << "what is unknown leaves its token";
}

}  // namespace
}  // namespace nelumbo

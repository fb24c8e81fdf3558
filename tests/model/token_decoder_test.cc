// SPDX-License-Identifier: Apache-2.0
#include "model/token_decoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using Tokens = std::vector<std::string>;

std::string decoded(const std::string& part, const Tokens& tokens) {
  const auto made = TokenDecoder::parse(nlohmann::json::parse(part), "p");
  return made.ok() ? made.value().decode(tokens) : made.error().message;
}

TEST(TokenDecoder, PutsSpacesBetweenTokensWhereThereIsNone) {
  EXPECT_EQ(decoded("null", {"a", "b"}), "a b");
}

TEST(TokenDecoder, ReadsTheAlphabetOfBytes) {
  EXPECT_EQ(decoded(R"({"type":"ByteLevel"})", {"aĠ", "Ã", "©"}), "a é");
  EXPECT_EQ(decoded(R"({"type":"ByteLevel"})", {"Ã", "漢"}), "\uFFFD漢");
  EXPECT_TRUE(TokenDecoder::parse({{"type", "ByteLevel"}}, "p").value().only_byte_level());
}

TEST(TokenDecoder, ReadsBytesInARow) {
  EXPECT_EQ(decoded(R"({"type":"ByteFallback"})", {"a", "<0xC3>", "<0xA9>", "b"}), "aéb");
  EXPECT_EQ(decoded(R"({"type":"ByteFallback"})", {"<0xC3>", "<0x41>", "b", "<0xA9>"}),
            "\uFFFD\uFFFDb\uFFFD");
  EXPECT_EQ(byte_of_token("<0x0a>"), 10);
  for (const char* other : {"<0x0A", "<0x0g>", "<0x-1>", "0x0A  ", "<0x0AB>"})
    EXPECT_LT(byte_of_token(other), 0) << other;
}

TEST(TokenDecoder, DoesWhatSentencePieceFilesAsk) {
  const std::string part = R"({"type":"Sequence","decoders":[)"
                           R"({"type":"Replace","pattern":{"String":"▁"},"content":" "},)"
                           R"({"type":"ByteFallback"},{"type":"Fuse"},)"
                           R"({"type":"Strip","content":" ","start":1,"stop":0}]})";
  EXPECT_EQ(decoded(part, {"▁▁a", "▁b", "<0x0A>"}), " a b\n");
  EXPECT_EQ(decoded(part, {}), "");
  const std::string metaspace = R"({"type":"Metaspace","replacement":"▁"})";
  EXPECT_EQ(decoded(metaspace, {"▁a", "▁b"}), "a b");
}

TEST(TokenDecoder, StripsEachTokenAtBothEnds) {
  EXPECT_EQ(decoded(R"({"type":"Strip","content":"x","start":2,"stop":1})", {"xxxaxx", "x", "b"}),
            "xaxb");
}

TEST(TokenDecoder, RefusesStepsByName) {
  EXPECT_EQ(decoded(R"({"type":"WordPiece"})", {}),
            "p: type 'WordPiece' is not supported; ByteLevel, Metaspace, ByteFallback, Fuse, "
            "Replace, Strip and Sequence are");
  EXPECT_EQ(decoded(R"({"type":"Strip","content":"x","start":-1,"stop":0})", {}),
            "p: start must be a whole number from 0 to 1000000");
  std::string steps;
  for (int i = 0; i < 9; ++i)
    steps += R"({"type":"Replace","pattern":{"String":"x"},"content":"xx"},)";
  steps.pop_back();
  EXPECT_EQ(decoded(R"({"type":"Sequence","decoders":[)" + steps + "]}", {}),
            "p: its Replace steps could make a text more than 256 times as long");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/tokenizer_parts.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "model/byte_level.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// A sound document: the bytes, "he", "Ġa" and one control token.
json document() {
  json vocab = json::object();
  for (int byte = 0; byte < 256; ++byte)
    vocab[to_byte_level(std::string(1, static_cast<char>(byte)))] = byte;
  vocab["he"] = 256;
  vocab["Ġa"] = 257;
  return {{"added_tokens", {{{"id", 258}, {"content", "<|end|>"}, {"special", true}}}},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
          {"post_processor", nullptr},
          {"decoder", {{"type", "ByteLevel"}}},
          {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"h e", {"Ġ", "a"}}}}}};
}

/// What is said of the document after a change.
std::string refusal(const std::function<void(json&)>& change) {
  json changed = document();
  change(changed);
  const auto parts = parse_tokenizer(changed.dump(), "t");
  return parts.ok() ? "accepted" : parts.error().message;
}

TEST(TokenizerParts, HoldTokensById) {
  const auto parts = parse_tokenizer(document().dump(), "t");
  ASSERT_TRUE(parts.ok()) << parts.error().message;
  EXPECT_EQ(parts.value().tokens.size(), 259U);
  EXPECT_EQ(parts.value().tokens[257].piece, " a");
  EXPECT_EQ(parts.value().tokens[258].piece, "<|end|>");
  EXPECT_TRUE(parts.value().special[258]);
  EXPECT_EQ(parts.value().by_piece.at("he"), 256);
}

TEST(TokenizerParts, RefuseStepsByNameAndPlace) {
  const auto begins = [](const std::string& text, const std::string& start) {
    EXPECT_EQ(text.substr(0, start.size()), start);
  };
  for (const char* part : {"normalizer", "pre_tokenizer", "decoder", "post_processor"})
    begins(refusal([&](json& d) {
             d[part] = {{"type", "Nmt"}};
           }),
           "t: " + std::string(part) + ": type 'Nmt' is not supported; ");
  EXPECT_EQ(refusal([](json& d) { d["model"]["type"] = "WordPiece"; }),
            "t: model: type 'WordPiece' is not supported; BPE and Unigram are");
  EXPECT_EQ(refusal([](json& d) { d["model"]["type"] = "Unigram"; }),
            "t: model must have a vocab: an object for BPE, a list for Unigram");
  EXPECT_EQ(refusal([](json& d) { d["model"]["dropout"] = 0.1; }),
            "t: model.dropout is not supported");
}

TEST(TokenizerParts, RefuseAFrameOfUnknownTokens) {
  EXPECT_EQ(
      refusal([](json& d) {
        d["post_processor"] = {{"type", "BertProcessing"}, {"sep", {"x", 9999}}, {"cls", {"y", 0}}};
      }),
      "t: post_processor adds token 9999 of 259");
}

TEST(TokenizerParts, TolerateWhatChangesNoId) {
  EXPECT_EQ(
      refusal([](json& d) {
        d["normalizer"] = {{"type", "Sequence"}, {"normalizers", json::array()}};
        d["decoder"] = {{"type", "Sequence"}, {"decoders", {{{"type", "ByteLevel"}}}}};
        d["post_processor"] = {{"type", "Sequence"}, {"processors", {{{"type", "ByteLevel"}}}}};
        d["model"]["end_of_word_suffix"] = "";
        d["truncation"] = {{"max_length", 5}};
      }),
      "accepted");
}

TEST(TokenizerParts, RefuseWhatIsNoTokenizer) {
  EXPECT_EQ(refusal([](json& d) { d = json::array(); }), "t: has no model");
  EXPECT_EQ(refusal([](json& d) { d.erase("model"); }), "t: has no model");
  EXPECT_EQ(refusal([](json& d) { d["model"]["vocab"] = 3; }), "t: model must have a vocab");
  EXPECT_FALSE(parse_tokenizer("{", "t").ok());
}

TEST(TokenizerParts, RefuseImpossibleIds) {
  for (const json& id : {json(-1), json(1.5), json("7"), json(4'000'000'000)})
    EXPECT_EQ(refusal([&](json& d) { d["model"]["vocab"]["he"] = id; }),
              "t: token \"he\": an id must be a whole number from 0 to 2147483647");
  EXPECT_EQ(refusal([](json& d) { d["model"]["vocab"]["he"] = 1'000'000; }),
            "t: its 259 tokens have ids up to 1000000");
  EXPECT_NE(refusal([](json& d) { d["model"]["vocab"]["he"] = 257; }), "accepted");
}

TEST(TokenizerParts, RefuseAddedTokensThatContradictTheVocabulary) {
  EXPECT_EQ(refusal([](json& d) { d["added_tokens"][0]["id"] = 256; }),
            "t: tokens \"he\" and \"<|end|>\" have one id, 256");
  EXPECT_EQ(refusal([](json& d) { d["model"]["vocab"]["<|end|>"] = 259; }),
            "t: added token \"<|end|>\" has id 258 and in the vocabulary 259");
  EXPECT_EQ(refusal([](json& d) { d["added_tokens"].push_back(d["added_tokens"][0]); }),
            "t: added token \"<|end|>\" is given twice");
  EXPECT_EQ(refusal([](json& d) { d["added_tokens"][0]["content"] = ""; }),
            "t: added token: must have a content and an id");
  EXPECT_EQ(refusal([](json& d) { d["added_tokens"][0]["lstrip"] = 1; }),
            "t: added token \"<|end|>\": lstrip must be true or false");
}

TEST(TokenizerParts, AByteMayLackAToken) {
  EXPECT_EQ(refusal([](json& d) { d["model"]["vocab"].erase("z"); }), "accepted");
}

TEST(TokenizerParts, RefuseAnAlphabetOfSpecialTokens) {
  EXPECT_EQ(refusal([](json& d) {
              d["added_tokens"][0] = {{"id", 97}, {"content", "a"}, {"special", true}};
            }),
            "t: the byte token \"a\" must not be a special token");
}

TEST(TokenizerParts, RefuseMergesOfUnknownOrNoTokens) {
  const auto with = [](const json& merge) {
    return refusal([&](json& d) { d["model"]["merges"].push_back(merge); });
  };
  EXPECT_EQ(with({"zz", "a"}), "t: merge 2: token \"zz\" is not in the vocabulary");
  EXPECT_EQ(with("a b"), "t: merge 2: token \"ab\" is not in the vocabulary");
  EXPECT_EQ(with({"a", ""}), "t: merge 2: must be two tokens, not [\"a\",\"\"]");
  EXPECT_EQ(with({"a", "b", "c"}), "t: merge 2: must be two tokens, not [\"a\",\"b\",\"c\"]");
  EXPECT_EQ(with("a b c"), "t: merge 2: must be two tokens, not \"a b c\"");
  EXPECT_EQ(with(7), "t: merge 2: must be two tokens, not 7");
  EXPECT_EQ(with("h e"), "t: merge 2: the pair \"h e\" has a merge already");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/token_model.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

/// Ids of a word, or why there is no model. Token 0 is special.
std::string encoded(const json& model, const std::string& word) {
  const auto vocabulary = read_vocabulary(model, "p");
  if (!vocabulary)
    return vocabulary.error().message;
  std::vector<bool> special(vocabulary.value().tokens.size(), false);
  special[0] = true;
  const auto made = TokenModel::parse(model, vocabulary.value(), special, false, "p");
  if (!made)
    return made.error().message;
  std::vector<int32_t> ids;
  made.value().encode(word, ids);
  std::string shown;
  for (const int32_t id : ids)
    shown += std::to_string(id) + " ";
  return shown;
}

json bpe() {
  return {{"type", "BPE"},
          {"vocab",
           {{"<unk>", 0},
            {"a", 1},
            {"b", 2},
            {"ab", 3},
            {"<0xC3>", 4},
            {"<0xA9>", 5},
            {"漢", 6},
            {"abb", 7}}},
          {"merges", {"a b", {"ab", "b"}}}};
}

json unigram() {
  return json::parse(R"({"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1],["ab",-1],)"
                     R"(["<0xC3>",-9],["<0xA9>",-9]]})");
}

json with(json model, const char* field, const json& value) {
  model[field] = value;
  return model;
}

TEST(TokenModel, SpellsCharactersThatHaveTokens) {
  EXPECT_EQ(encoded(bpe(), "abb漢"), "7 6 ");
  EXPECT_EQ(encoded(bpe(), "aéb"), "3 ") << "what cannot be spelt leaves nothing behind";
}

TEST(TokenModel, FallsBackOnBytesThenOnTheUnknownToken) {
  const json fallback = with(bpe(), "byte_fallback", true);
  EXPECT_EQ(encoded(fallback, "aéb"), "1 4 5 2 ");
  const json unknown = with(fallback, "unk_token", "<unk>");
  EXPECT_EQ(encoded(unknown, "xyb"), "0 0 2 ");
  EXPECT_EQ(encoded(with(unknown, "fuse_unk", true), "xyb"), "0 2 ");
  EXPECT_EQ(encoded(unknown, "xéb"), "4 5 0 2 ") << "as the library does it";
}

TEST(TokenModel, TakesWholeWordsOnDemand) {
  json whole = with(bpe(), "merges", json::array());
  EXPECT_EQ(encoded(whole, "abb"), "1 2 2 ");
  whole["ignore_merges"] = true;
  EXPECT_EQ(encoded(whole, "abb"), "7 ");
}

TEST(TokenModel, ReadsUnigrams) {
  EXPECT_EQ(encoded(unigram(), "aba"), "2 1 ");
  EXPECT_EQ(encoded(unigram(), "é"), "0 ");
  EXPECT_EQ(encoded(with(unigram(), "byte_fallback", true), "é"), "3 4 ");
}

TEST(TokenModel, NeverMakesASpecialTokenOfText) {
  json hostile = bpe();
  hostile["vocab"]["ab"] = 0;
  hostile["vocab"]["<unk>"] = 3;
  EXPECT_EQ(encoded(hostile, "ab"), "1 2 ");
  EXPECT_EQ(encoded(with(hostile, "ignore_merges", true), "ab"), "1 2 ");
  const char* only_special = R"({"type":"Unigram","unk_id":1,"vocab":[["ab",0],["?",-1]]})";
  EXPECT_EQ(encoded(json::parse(only_special), "ab"), "1 ");
}

TEST(TokenModel, RefusesWhatItCannotFollow) {
  for (const char* option : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
    EXPECT_EQ(encoded(with(bpe(), option, "x"), ""),
              "p: model." + std::string(option) + " is not supported");
  EXPECT_EQ(encoded(with(bpe(), "unk_token", "?"), ""),
            "p: model.unk_token \"?\" is not in the vocabulary");
  EXPECT_EQ(encoded(with(bpe(), "merges", 3), ""), "p: model must have merges");
  EXPECT_EQ(encoded(with(bpe(), "merges", {"a b", "b a"}), ""),
            "p: merge 1: token \"ba\" is not in the vocabulary");
  EXPECT_EQ(encoded(with(bpe(), "merges", {"a b", "a b"}), ""),
            "p: merge 1: the pair \"a b\" has a merge already");
  EXPECT_EQ(encoded(with(unigram(), "unk_id", 5), ""),
            "p: model: unk_id must be a whole number from 0 to 4");
  EXPECT_EQ(encoded(with(unigram(), "unk_id", nullptr), ""),
            "p: model: unk_id must be a whole number from 0 to 4");
  EXPECT_EQ(encoded({{"type", "BPE"}, {"vocab", {{"xx", 0}}}, {"merges", json::array()}}, ""),
            "p: has no token of one character");
}

TEST(TokenModel, RefusesPiecesThatMakeEveryPlaceOfATextSlow) {
  json model = unigram();
  model["vocab"].push_back(json::array({std::string(2000, 'a'), -1}));
  EXPECT_EQ(encoded(model, ""),
            "p: model: pieces may have 1024 bytes each and 8388608 in all: piece 5");
}

}  // namespace
}  // namespace nelumbo

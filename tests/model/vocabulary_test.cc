// SPDX-License-Identifier: Apache-2.0
#include "model/vocabulary.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

TEST(Vocabulary, ReadsIdsByText) {
  const json model = {{"vocab", {{"a", 3}, {"b", 0}}}};
  const auto vocabulary = read_vocabulary(model, "p");
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_EQ(vocabulary.value().id("a"), 3);
  EXPECT_EQ(vocabulary.value().id("c"), std::nullopt);
  EXPECT_EQ(vocabulary.value().tokens.size(), 2U);
}

TEST(Vocabulary, ReadsScoredPiecesInOrder) {
  const json model = json::parse(R"({"vocab":[["a",-1.5],["b",0],["a",-2]]})");
  const auto vocabulary = read_vocabulary(model, "p");
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_EQ(vocabulary.value().tokens.size(), 3U);
  EXPECT_EQ(vocabulary.value().id("a"), 2) << "the later of two";
}

TEST(Vocabulary, NamesWhatIsNeither) {
  const auto refusal = [](const json& model) {
    return read_vocabulary(model, "p").error().message;
  };
  EXPECT_EQ(refusal({{"vocab", 3}}), "p: model must have a vocab");
  EXPECT_EQ(refusal(json::object()), "p: model must have a vocab");
  EXPECT_EQ(refusal({{"vocab", {{"a", -3}}}}),
            "p: token \"a\": an id must be a whole number from 0 to 2147483647");
  EXPECT_EQ(refusal({{"vocab", json::array({json::array({"a"})})}}),
            "p: piece 0 must be a text and a score, not [\"a\"]");
}

std::string added(const json& list) {
  const auto tokens = read_added_tokens({{"added_tokens", list}}, "p");
  if (!tokens)
    return tokens.error().message;
  std::string shown;
  for (const AddedToken& token : tokens.value())
    shown += token.content + (token.special ? "*" : "") + (token.lstrip ? "<" : "") +
             (token.rstrip ? ">" : "") + (token.single_word ? "#" : "") +
             (token.normalized ? "~" : "") + " ";
  return shown;
}

TEST(Vocabulary, ReadsAddedTokensWithTheirFlags) {
  EXPECT_EQ(added({{{"id", 1}, {"content", "a"}, {"special", true}, {"lstrip", true}},
                   {{"id", 2}, {"content", "b"}, {"rstrip", true}, {"single_word", true}},
                   {{"id", 3}, {"content", "c"}, {"normalized", true}}}),
            "a*< b># c~ ");
  EXPECT_EQ(added(nullptr), "");
}

TEST(Vocabulary, RefusesAddedTokensThatAreNone) {
  EXPECT_EQ(added(3), "p: added_tokens must be a list");
  EXPECT_EQ(added({{{"id", 1}, {"content", ""}}}), "p: added token: must have a content and an id");
  EXPECT_EQ(added({{{"id", 1}, {"content", "a"}, {"lstrip", 1}}}),
            "p: added token \"a\": lstrip must be true or false");
  EXPECT_EQ(added({{{"id", 1}, {"content", "a"}}, {{"id", 2}, {"content", "a"}}}),
            "p: added token \"a\" is given twice");
}

TEST(Vocabulary, RefusesMoreAddedTokensThanAnyModelHas) {
  EXPECT_EQ(added({{{"id", 1}, {"content", std::string(3'000'000, 'a')}}}),
            "p: added_tokens may be 131072 tokens of 2097152 bytes in all");
}

}  // namespace
}  // namespace nelumbo

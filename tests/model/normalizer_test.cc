// SPDX-License-Identifier: Apache-2.0
#include "model/normalizer.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

std::string refusal(const std::string& part) {
  const auto made = Normalizer::parse(nlohmann::json::parse(part), "p");
  return made.ok() ? "accepted" : made.error().message;
}

std::string applied(const std::string& part, const std::string& text) {
  const auto made = Normalizer::parse(nlohmann::json::parse(part), "p");
  return made.ok() ? made.value().apply(text) : made.error().message;
}

bool keeps_start(const std::string& part, const std::string& text) {
  const auto made = Normalizer::parse(nlohmann::json::parse(part), "p");
  return made.ok() && made.value().keeps_start(text);
}

TEST(Normalizer, DoesNothingWhereThereIsNone) {
  EXPECT_EQ(applied("null", "É e\u0301"), "É e\u0301");
  EXPECT_TRUE(Normalizer().empty());
}

TEST(Normalizer, KnowsTheStepsOfRealFiles) {
  EXPECT_EQ(applied(R"({"type":"NFC"})", "e\u0301"), "é");
  EXPECT_EQ(applied(R"({"type":"NFD"})", "é"), "e\u0301");
  EXPECT_EQ(applied(R"({"type":"NFKC"})", "ﬁ"), "fi");
  EXPECT_EQ(applied(R"({"type":"NFKD"})", "é①"), "e\u03011");
  EXPECT_EQ(applied(R"({"type":"Lowercase"})", "ÀB"), "àb");
  EXPECT_EQ(applied(R"({"type":"StripAccents"})", "e\u0301é"), "eé");
  EXPECT_EQ(applied(R"({"type":"Strip"})", "\u3000 a b\n"), "a b");
  EXPECT_EQ(applied(R"({"type":"Strip","strip_left":false,"strip_right":true})", " a "), " a");
  EXPECT_EQ(applied(R"({"type":"Prepend","prepend":"▁"})", "a"), "▁a");
  EXPECT_EQ(applied(R"({"type":"Prepend","prepend":"▁"})", ""), "");
}

TEST(Normalizer, ReplacesTextsAndPatterns) {
  EXPECT_EQ(applied(R"({"type":"Replace","pattern":{"String":"."},"content":"-"})", "a.b"), "a-b");
  EXPECT_EQ(applied(R"({"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "})", "a   b c"),
            "a b c");
}

TEST(Normalizer, DoesTheStepsOfASequenceInOrder) {
  EXPECT_EQ(applied(R"({"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},)"
                    R"({"type":"Replace","pattern":{"String":" "},"content":"▁"}]})",
                    " a b"),
            "▁▁a▁b");
}

TEST(Normalizer, TellsWhetherTheFirstCharacterIsLeft) {
  EXPECT_TRUE(keeps_start("null", "a"));
  EXPECT_FALSE(keeps_start(R"({"type":"Strip"})", " a"));
  EXPECT_TRUE(keeps_start(R"({"type":"Strip"})", "a "));
  EXPECT_FALSE(keeps_start(R"({"type":"StripAccents"})", "\u0301a"));
  const std::string double_space = R"({"type":"Replace","pattern":{"String":"  "},"content":"▁"})";
  EXPECT_FALSE(keeps_start(double_space, "  a")) << "what is left stands for the second space";
  EXPECT_TRUE(keeps_start(double_space, "a  "));
}

TEST(Normalizer, RefusesStepsByName) {
  EXPECT_EQ(refusal(R"({"type":"BertNormalizer"})"),
            "p: type 'BertNormalizer' is not supported; NFC, NFD, NFKC, NFKD, Lowercase, Strip, "
            "StripAccents, Prepend, Replace, Precompiled and Sequence are");
  EXPECT_EQ(refusal(R"({"type":"Prepend"})"), "p: prepend must be a text");
  EXPECT_EQ(refusal(R"({"type":"Replace","pattern":{"String":"a"}})"), "p: content must be a text");
  EXPECT_EQ(refusal(R"({"type":"Precompiled","precompiled_charsmap":""})"),
            "p: precompiled_charsmap has no trie of the size it names");
  EXPECT_EQ(refusal(R"({"type":"Strip","strip_left":1})"), "p: strip_left must be true or false");
}

TEST(Normalizer, RefusesAChainThatLetsTextExplode) {
  std::string steps;
  for (int i = 0; i < 9; ++i)
    steps += R"({"type":"Replace","pattern":{"String":"x"},"content":"xx"},)";
  steps.pop_back();
  EXPECT_EQ(refusal(R"({"type":"Sequence","normalizers":[)" + steps + "]}"),
            "p: its Replace steps could make a text more than 256 times as long");
  EXPECT_EQ(refusal(R"({"type":"Prepend","prepend":")" + std::string(300, 'x') + "\"}"),
            "p: prepend must have at most 256 bytes");
}

}  // namespace
}  // namespace nelumbo

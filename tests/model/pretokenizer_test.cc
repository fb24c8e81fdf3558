// SPDX-License-Identifier: Apache-2.0
#include "model/pretokenizer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using Texts = std::vector<std::string>;

std::string refusal(const std::string& step) {
  const auto made = Pretokenizer::parse(nlohmann::json::parse(step), "p");
  return made.ok() ? "accepted" : made.error().message;
}

Texts words(const std::string& step, const std::string& text,
            Pretokenizer::Start start = Pretokenizer::Start::kOfInput) {
  const auto made = Pretokenizer::parse(nlohmann::json::parse(step), "p");
  if (!made)
    return {made.error().message};
  const Words cut = made.value().words(text, start);
  Texts shown;
  for (int64_t i = 0; i < cut.size(); ++i)
    shown.emplace_back(cut[i]);
  return shown;
}

std::string before_bytes(const std::string& step) {
  return R"({"type":"Sequence","pretokenizers":[)" + step +
         R"(,{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]})";
}

const char* const kByteLevel = R"({"type":"ByteLevel","add_prefix_space":false})";

TEST(Pretokenizer, ByteLevelKeepsOneSpaceWithTheWordBehindIt) {
  EXPECT_EQ(words(kByteLevel, "Don't  count 12 cells!\n"),
            (Texts{"Don", "'t", " ", " count", " 12", " cells", "!", "\n"}));
  EXPECT_EQ(words(kByteLevel, ""), Texts{});
}

TEST(Pretokenizer, ByteLevelPutsASpaceInFrontOnDemand) {
  const char* step = R"({"type":"ByteLevel","add_prefix_space":true})";
  EXPECT_EQ(words(step, "a b"), (Texts{" a", " b"}));
  EXPECT_EQ(words(step, " a"), (Texts{" a"}));
}

TEST(Pretokenizer, DigitsStandAloneOrTogether) {
  EXPECT_EQ(words(before_bytes(R"({"type":"Digits","individual_digits":true})"), "a12"),
            (Texts{"a", "1", "2"}));
  EXPECT_EQ(words(before_bytes(R"({"type":"Digits"})"), "a12b"), (Texts{"a", "12", "b"}));
}

TEST(Pretokenizer, SplitsIsolateOrRemove) {
  const auto split = [](const std::string& pattern, const std::string& behavior,
                        const std::string& invert) {
    return before_bytes(R"({"type":"Split","pattern":)" + pattern + R"(,"behavior":")" + behavior +
                        R"(","invert":)" + invert + "}");
  };
  EXPECT_EQ(words(split(R"({"Regex":"[0-9]+"})", "Isolated", "false"), "a12b"),
            (Texts{"a", "12", "b"}));
  EXPECT_EQ(words(split(R"({"String":"."})", "Removed", "false"), "a.b"), (Texts{"a", "b"}));
  EXPECT_EQ(words(split(R"({"Regex":"[0-9]+"})", "Removed", "true"), "a12b"), (Texts{"12"}));
  EXPECT_EQ(words(split(R"({"String":"."})", "MergedWithPrevious", "false"), "a..b"),
            (Texts{"a.", ".", "b"}));
  EXPECT_EQ(words(split(R"({"String":"."})", "MergedWithNext", "false"), "a..b"),
            (Texts{"a", ".", ".b"}));
  EXPECT_EQ(words(split(R"({"String":"."})", "Contiguous", "false"), "a..b"),
            (Texts{"a", "..", "b"}));
  EXPECT_NE(refusal(split(R"({"Regex":"a"})", "Doubled", "false")).find("\"Doubled\""),
            std::string::npos);
  EXPECT_EQ(refusal(split(R"({"Glob":"a"})", "Isolated", "false")),
            "p: the pattern of a Split must be a Regex or a String");
}

TEST(Pretokenizer, LeavesATextWholeWhereThereIsNone) {
  EXPECT_EQ(words("null", "a b"), (Texts{"a b"}));
  EXPECT_EQ(words("null", ""), Texts{});
}

TEST(Pretokenizer, CutsAtWhiteSpaceAndPunctuation) {
  EXPECT_EQ(words(R"({"type":"Whitespace"})", "it's\u00a0\u00e9_1 €5"),
            (Texts{"it", "'", "s", "\u00e9_1", "€", "5"}));
  EXPECT_EQ(words(R"({"type":"WhitespaceSplit"})", " a,b \u3000c\n"), (Texts{"a,b", "c"}));
  EXPECT_EQ(words(R"({"type":"Punctuation"})", "a+b—€"), (Texts{"a", "+", "b", "—", "€"}));
  EXPECT_EQ(words(R"({"type":"Punctuation","behavior":"Contiguous"})", "a?!b"),
            (Texts{"a", "?!", "b"}));
}

TEST(Pretokenizer, MetaspaceMarksWhereTheInputBegins) {
  const char* step = R"({"type":"Metaspace","replacement":"▁","prepend_scheme":"first"})";
  EXPECT_EQ(words(step, "a b"), (Texts{"▁a", "▁b"}));
  EXPECT_EQ(words(step, "a b", Pretokenizer::Start::kInside), (Texts{"a", "▁b"}));
  const std::string behind_cut = std::string(R"({"type":"Sequence","pretokenizers":[)") +
                                 R"({"type":"Punctuation"},)" + step + "]}";
  EXPECT_EQ(words(behind_cut, "a,b"), (Texts{"▁a", ",", "b"}));
  EXPECT_EQ(words(R"({"type":"Metaspace","replacement":"▁","split":false})", "a b"),
            (Texts{"▁a▁b"}));
}

TEST(Pretokenizer, StepsBehindByteLevelSeeItsAlphabet) {
  const std::string steps =
      R"({"type":"Sequence","pretokenizers":[{"type":"ByteLevel","add_prefix_space":false,)"
      R"("use_regex":false},{"type":"Split","pattern":{"String":"Ġ"},"behavior":"MergedWithNext"}]})";
  EXPECT_EQ(words(steps, "é b"), (Texts{"é", " b"}));
}

TEST(Pretokenizer, RefusesStepsByName) {
  EXPECT_EQ(refusal(R"({"type":"UnicodeScripts"})"),
            "p: type 'UnicodeScripts' is not supported; ByteLevel, Split, Metaspace, Digits, "
            "Punctuation, Whitespace, WhitespaceSplit and Sequence are");
  EXPECT_EQ(refusal("[]"), "p: must be an object with a type");
  EXPECT_EQ(refusal(R"({"type":"Sequence"})"), "p: a Sequence must have a list of pretokenizers");
  EXPECT_EQ(refusal(R"({"type":"ByteLevel","use_regex":3})"), "p: use_regex must be true or false");
  EXPECT_EQ(refusal(R"({"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},)"
                    R"({"type":"ByteLevel"}]})"),
            "p: a second ByteLevel is not supported");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/pretokenizer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using Words = std::vector<std::string>;

std::string refusal(const std::string& step) {
  const auto made = Pretokenizer::parse(nlohmann::json::parse(step), "p");
  return made.ok() ? "accepted" : made.error().message;
}

Words words(const std::string& step, const std::string& text) {
  const auto made = Pretokenizer::parse(nlohmann::json::parse(step), "p");
  return made.ok() ? made.value().words(text) : Words{made.error().message};
}

std::string before_bytes(const std::string& step) {
  return R"({"type":"Sequence","pretokenizers":[)" + step +
         R"(,{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]})";
}

const char* const kByteLevel = R"({"type":"ByteLevel","add_prefix_space":false})";

TEST(Pretokenizer, ByteLevelKeepsOneSpaceWithTheWordBehindIt) {
  EXPECT_EQ(words(kByteLevel, "Don't  count 12 cells!\n"),
            (Words{"Don", "'t", " ", " count", " 12", " cells", "!", "\n"}));
  EXPECT_EQ(words(kByteLevel, ""), Words{});
}

TEST(Pretokenizer, ByteLevelPutsASpaceInFrontOnDemand) {
  const char* step = R"({"type":"ByteLevel","add_prefix_space":true})";
  EXPECT_EQ(words(step, "a b"), (Words{" a", " b"}));
  EXPECT_EQ(words(step, " a"), (Words{" a"}));
}

TEST(Pretokenizer, DigitsStandAloneOrTogether) {
  EXPECT_EQ(words(before_bytes(R"({"type":"Digits","individual_digits":true})"), "a12"),
            (Words{"a", "1", "2"}));
  EXPECT_EQ(words(before_bytes(R"({"type":"Digits"})"), "a12b"), (Words{"a", "12", "b"}));
}

TEST(Pretokenizer, SplitsIsolateOrRemove) {
  const auto split = [](const std::string& pattern, const std::string& behavior,
                        const std::string& invert) {
    return before_bytes(R"({"type":"Split","pattern":)" + pattern + R"(,"behavior":")" + behavior +
                        R"(","invert":)" + invert + "}");
  };
  EXPECT_EQ(words(split(R"({"Regex":"[0-9]+"})", "Isolated", "false"), "a12b"),
            (Words{"a", "12", "b"}));
  EXPECT_EQ(words(split(R"({"String":"."})", "Removed", "false"), "a.b"), (Words{"a", "b"}));
  EXPECT_EQ(words(split(R"({"Regex":"[0-9]+"})", "Removed", "true"), "a12b"), (Words{"12"}));
  EXPECT_EQ(refusal(split(R"({"Regex":"a"})", "MergedWithNext", "false")),
            "p: the behavior \"MergedWithNext\" of a Split is not supported; Isolated and Removed "
            "are");
  EXPECT_EQ(refusal(split(R"({"Glob":"a"})", "Isolated", "false")),
            "p: the pattern of a Split must be a Regex or a String");
}

TEST(Pretokenizer, RefusesStepsByName) {
  EXPECT_EQ(refusal(R"({"type":"Metaspace"})"),
            "p: type 'Metaspace' is not supported; ByteLevel, Split, Digits and Sequence are");
  EXPECT_EQ(refusal("null"), "p: must be an object with a type");
  EXPECT_EQ(refusal(R"({"type":"Digits"})"), "p: must end in a ByteLevel step");
  EXPECT_EQ(refusal(R"({"type":"Sequence"})"), "p: a Sequence must have a list of pretokenizers");
  EXPECT_EQ(refusal(R"({"type":"ByteLevel","use_regex":3})"), "p: use_regex must be true or false");
  EXPECT_EQ(refusal(R"({"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},)"
                    R"({"type":"Digits"}]})"),
            "p: Digits behind ByteLevel is not supported");
}

}  // namespace
}  // namespace nelumbo

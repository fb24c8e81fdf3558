// SPDX-License-Identifier: Apache-2.0
#include "model/strict_json.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

std::string refusal(const std::string& text) {
  const Result<json> document = parse_json(text, "a.json");
  return document.ok() ? "accepted" : document.error().message;
}

TEST(StrictJson, BuildsWhatTheTextSays) {
  const std::string text =
      R"({"a": [1, -2, 3.5, true, null, "x", [], {}], "b": {"c": {"a": 18446744073709551615}}})";
  const Result<json> document = parse_json(text, "a.json");
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document.value(), json::parse(text));
}

TEST(StrictJson, RefusesAKeyGivenTwice) {
  EXPECT_EQ(refusal(R"({"a": 1, "a": 2})"), "a.json: the key 'a' stands twice in one object");
  EXPECT_EQ(refusal(R"({"a": {"b": 1}, "c": {"b": 1}})"), "accepted");
}

TEST(StrictJson, NamesTheByteWhereTheTextBreaks) {
  EXPECT_EQ(refusal(R"({"a": })"), "a.json: not JSON at byte 7");
  EXPECT_NE(refusal(""), "accepted");
  EXPECT_NE(refusal("{} {}"), "accepted");
  EXPECT_NE(refusal("\"\xC3\x28\""), "accepted") << "not UTF-8";
}

TEST(StrictJson, BoundsNesting) {
  EXPECT_EQ(refusal(std::string(64, '[') + std::string(64, ']')), "accepted");
  EXPECT_EQ(refusal(std::string(100'000, '[')), "a.json: more than 64 levels of nesting");
}

TEST(StrictJson, KeepsTheOrderOfKeysOnDemand) {
  const std::string text = R"({"b":{"z":1,"y":[2.5,{"d":null,"c":true}]},"a":"x"})";
  const auto document = parse_ordered_json(text, "a.json");
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document.value().dump(), text);
  EXPECT_EQ(parse_ordered_json(R"({"a":1,"b":{"a":1,"a":2}})", "a.json").error().message,
            "a.json: the key 'a' stands twice in one object");
  EXPECT_EQ(parse_ordered_json("[18446744073709551616]", "a.json").error().message,
            "a.json: the integer 18446744073709551616 leaves 64 bits");
}

TEST(StrictJson, ScansForWhatOneMemberHolds) {
  const auto scanned = [](const std::string& text) {
    const Result<void> done = scan_json(text, "p", {"list", 3, 4});
    return done.ok() ? "sound" : done.error().message;
  };
  EXPECT_EQ(scanned(R"({"list":["ab","cd"],"more":["abcdef",1,2,3,4]})"), "sound");
  EXPECT_EQ(scanned(R"({"more":{"list":[1,2,3,4,5]}})"), "sound") << "not the outermost";
  EXPECT_EQ(scanned(R"({"list":[1,2,3]})"), "p: list may hold 3 values and texts of 4 bytes");
  EXPECT_EQ(scanned(R"({"list":["abcde"]})"), "p: list may hold 3 values and texts of 4 bytes");
  EXPECT_EQ(scanned(R"({"list":[)"), "p: not JSON at byte 10");
  EXPECT_EQ(scanned(R"(["a\"b", ")" + std::string(5'000'000, 'x')),
            "p: the text at byte 10 is longer than 4194304 bytes");
  EXPECT_EQ(scanned(std::string(100, '[')), "p: more than 64 levels of nesting");
}

}  // namespace
}  // namespace nelumbo

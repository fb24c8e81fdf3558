// SPDX-License-Identifier: Apache-2.0
#include "reward/json_schema.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string fault(const char* schema, const char* value) {
  const auto compiled = JsonSchema::compile(nlohmann::json::parse(schema));
  if (!compiled)
    return compiled.error().message;
  const auto found = compiled.value().fault(nlohmann::json::parse(value));
  return found ? found.value().value_or("") : found.error().message;
}

constexpr const char* kReport = R"({"type": "object", "required": ["cells"],
  "additionalProperties": false,
  "properties": {"cells": {"type": "array", "maxItems": 2, "items": {"type": "object",
    "required": ["count"], "properties": {"count": {"type": "integer", "minimum": 0},
                                          "kind": {"enum": ["red", "white"]}}}}}})";

TEST(JsonSchemaSubset, NamesThePlaceOfAFault) {
  EXPECT_EQ(fault(kReport, R"({"cells": [{"count": 1, "kind": "red"}]})"), "");
  EXPECT_EQ(fault(kReport, R"({"cells": [{"count": -1}]})"), "/cells/0/count: must be at least 0");
  EXPECT_EQ(fault(kReport, R"({"cells": [{"kind": "red"}]})"), "/cells/0: lacks 'count'");
  EXPECT_EQ(fault(kReport, R"({"cells": [], "more": 1})"), "/more: must not be there");
  EXPECT_EQ(fault(kReport, "[]"), "/: must be of type \"object\"");
  EXPECT_EQ(fault(kReport, R"({"cells": [{"count": 1.5}]})"),
            "/cells/0/count: must be of type \"integer\"");
}

TEST(JsonSchemaSubset, KnowsBoundsOfTextsAndLists) {
  EXPECT_EQ(fault(R"({"pattern": "^a+$"})", R"("aab")"), "/: does not match \"^a+$\"");
  EXPECT_EQ(fault(R"({"maxLength": 2})", R"("白细")"), "");
  EXPECT_EQ(fault(R"({"uniqueItems": true})", "[1, 1]"), "/: has an item twice");
  EXPECT_EQ(fault(R"({"anyOf": [{"type": "string"}, {"minimum": 3}]})", "2"),
            "/: fits none of anyOf");
  EXPECT_EQ(fault(R"({"type": "integer"})", "3.0"), "");
}

TEST(JsonSchemaSubset, TellsNumbersApartThatDoublesDoNot) {
  EXPECT_EQ(fault(R"({"enum": [9007199254740993]})", "9007199254740992"),
            "/: must be one of [9007199254740993]");
  EXPECT_EQ(fault(R"({"enum": [9007199254740993]})", "9007199254740992.0"),
            "/: must be one of [9007199254740993]");
  EXPECT_EQ(fault(R"({"const": -1})", "18446744073709551615"), "/: must be -1");
  EXPECT_EQ(fault(R"({"maximum": 9007199254740992})", "9007199254740993"),
            "/: must be at most 9007199254740992");
  EXPECT_EQ(fault(R"({"maximum": 1})", "18446744073709551615"), "/: must be at most 1");
  EXPECT_EQ(fault(R"({"uniqueItems": true})", "[9007199254740992, 9007199254740993]"), "");
  EXPECT_EQ(fault(R"({"uniqueItems": true})", R"([{"a": 1}, {"a": 1.0}])"), "/: has an item twice");
  EXPECT_EQ(fault(R"({"const": {"a": [2]}})", R"({"a": [2.0]})"), "");
}

TEST(JsonSchemaSubset, PassesOverNoKeyword) {
  EXPECT_NE(fault(R"({"properties": {"a": {"minimun": 1}}})", "1").find("did you mean 'minimum'"),
            std::string::npos);
  EXPECT_EQ(fault(R"({"type": "text"})", "1"),
            "/type: must be of object, array, string, number, integer, boolean, null");
  EXPECT_NE(fault(R"({"pattern": "("})", "1").find("/pattern: "), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/json_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(JsonOf, ReadsAValueBareOrFenced) {
  EXPECT_EQ(json_of("{\"a\": 1}").value()["a"], 1);
  EXPECT_EQ(json_of("```json\n[1]\n```").value()[0], 1);
  EXPECT_FALSE(json_of("here: {\"a\": 1}"));
  EXPECT_FALSE(json_of(""));
}

TEST(JsonOf, TakesNothingThatReadersDifferIn) {
  const auto why = [](const std::string& text) {
    const auto value = json_of(text);
    return value ? std::string() : value.error().message;
  };
  EXPECT_EQ(why(R"({"a": {"b": 1}, "b": [{"a": 2}, {"a": 3}]})"), "");
  EXPECT_EQ(why(R"({"a": 1, "b": 2, "a": 3})"), "has the key 'a' twice");
  EXPECT_EQ(why(R"([{"a": 1, "\u0061": 1}])"), "has the key 'a' twice");
  EXPECT_EQ(why("[18446744073709551615, -9223372036854775808, 1e20]"), "");
  EXPECT_EQ(why("[18446744073709551616]"),
            "has 18446744073709551616, a whole number beyond 64 bits");
  EXPECT_EQ(why(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(why(std::string(100'000, '[')), "is nested too deeply");
  EXPECT_EQ(why("{\"a\": 1} {}"), "is no JSON");
}

TEST(JsonSchemaTerm, IsRightWhereTheSchemaFits) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  const std::string term = "{kind: json_schema, schema: {type: object, required: [count]}}";
  EXPECT_EQ(value_of(term, prompt, "{\"count\": 3}"), 1);
  EXPECT_EQ(judged(term, prompt, answer_candidate(prompt, "{}")).evidence, "/: lacks 'count'");
  EXPECT_EQ(judged(term, prompt, answer_candidate(prompt, "3 cells")).evidence,
            "'3 cells' is no JSON");
  EXPECT_EQ(judged(term, prompt, answer_candidate(prompt, R"({"count": 3, "count": 4})")).evidence,
            "'{\"count\": 3, \"count\": 4}' has the key 'count' twice");
}

TEST(JsonSchemaTerm, NeedsASchemaThatItKnows) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  EXPECT_EQ(value_of("{kind: json_schema}", prompt, "{}"), -100);
  EXPECT_EQ(value_of("{kind: json_schema, schema: {$ref: a}}", prompt, "{}"), -100);
}

}  // namespace
}  // namespace nelumbo

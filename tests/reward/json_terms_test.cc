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

TEST(JsonSchemaTerm, IsRightWhereTheSchemaFits) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  const std::string term = "{kind: json_schema, schema: {type: object, required: [count]}}";
  EXPECT_EQ(value_of(term, prompt, "{\"count\": 3}"), 1);
  EXPECT_EQ(judged(term, prompt, answer_candidate(prompt, "{}")).evidence, "/: lacks 'count'");
  EXPECT_EQ(value_of(term, prompt, "3 cells"), 0);
}

TEST(JsonSchemaTerm, NeedsASchemaThatItKnows) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  EXPECT_EQ(value_of("{kind: json_schema}", prompt, "{}"), -100);
  EXPECT_EQ(value_of("{kind: json_schema, schema: {$ref: a}}", prompt, "{}"), -100);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/external_protocol.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(ExternalRequest, TellsPromptAnswerAndTruth) {
  Prompt prompt = prompt_with({{"answer", "3"}});
  const Trajectory answer = candidate(prompt, "Well. <answer>3</answer>");
  EXPECT_EQ(external_request({prompt, answer}),
            nlohmann::json({{"prompt_id", "val/picture/count/0"},
                            {"task", "count"},
                            {"prompt", "How many platelets?"},
                            {"answer", "3"},
                            {"answered", true},
                            {"text", "Well. <answer>3</answer>"},
                            {"truth", {{"answer", "3"}}}}));
  const auto none = external_request({prompt, candidate(prompt, "3")});
  EXPECT_EQ(none["answer"], "");
  EXPECT_EQ(none["answered"], false);
}

TEST(ExternalRequest, IsUtf8WhateverWasSaid) {
  const Prompt prompt = prompt_with({});
  Trajectory answer = answer_candidate(prompt, "a\xff\xc0z");
  const auto request = external_request({prompt, answer});
  EXPECT_FALSE(invalid_utf8_at(request["text"].get<std::string>()));
  EXPECT_FALSE(invalid_utf8_at(request["answer"].get<std::string>()));
}

TEST(ExternalVerdict, ReadsValueAndEvidence) {
  const auto verdict = external_verdict(R"({"id": "1-7", "value": 0.25, "evidence": "a"})", "1-7");
  ASSERT_TRUE(verdict.ok()) << verdict.error().message;
  EXPECT_EQ(verdict.value().value, 0.25);
  EXPECT_EQ(verdict.value().evidence, "a");
  for (const char* bound : {"0", "1", "1.0", "1e-300"})
    EXPECT_TRUE(external_verdict(R"({"value":)" + std::string(bound) + R"(,"id":"x"})", "x").ok());
}

TEST(ExternalVerdict, KeepsAThousandBytesOfEvidence) {
  std::string long_text;
  for (int i = 0; i < 400; ++i)
    long_text += "\xE2\x82\xAC";
  const auto verdict = external_verdict(
      nlohmann::json{{"id", "x"}, {"value", 1}, {"evidence", long_text}}.dump(), "x");
  EXPECT_EQ(verdict.value().evidence.size(), 999 + 3u);
  EXPECT_FALSE(invalid_utf8_at(verdict.value().evidence));
}

TEST(ExternalVerdict, IsNothingElse) {
  for (const char* junk : {"",
                           "1",
                           "null",
                           "true",
                           "[1]",
                           "\"x\"",
                           "{",
                           "{}",
                           "OK",
                           R"({"value": 1})",
                           R"({"id": "x"})",
                           R"({"id": "y", "value": 1})",
                           R"({"id": 1, "value": 1})",
                           R"({"id": null, "value": 1})",
                           R"({"id": "x", "value": "1"})",
                           R"({"id": "x", "value": true})",
                           R"({"id": "x", "value": null})",
                           R"({"id": "x", "value": [1]})",
                           R"({"id": "x", "value": NaN})",
                           R"({"id": "x", "value": Infinity})",
                           R"({"id": "x", "value": 1e999})",
                           R"({"id": "x", "value": -0.1})",
                           R"({"id": "x", "value": 1.0001})",
                           R"({"id": "x", "value": 1, "value": 0})",
                           R"({"id": "y", "id": "x", "value": 1})",
                           R"({"id": "x", "value": 1, "score": 1})",
                           R"({"id": "x", "value": 1, "evidence": 1})",
                           R"({"id": "x", "value": 1} {"id": "x", "value": 1})",
                           R"({"id": "x", "value": 1}])",
                           "{\"id\": \"x\", \"value\": 1, \"evidence\": \"\xff\"}",
                           "\xff\xfe",
                           "'x'"}) {
    const auto verdict = external_verdict(junk, "x");
    ASSERT_FALSE(verdict.ok()) << junk;
    EXPECT_TRUE(verdict.error().message.starts_with("its reply ")) << verdict.error().message;
  }
  EXPECT_FALSE(external_verdict(std::string(100'000, '['), "x").ok());
}

}  // namespace
}  // namespace nelumbo

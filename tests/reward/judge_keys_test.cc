// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_keys.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/reward/stage.h"
#include "tests/support/judge_stub.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

std::string complaint(const std::string& yaml) {
  const auto judge = read_judge("grader", node_of(yaml), ".");
  return judge ? "" : judge.error().message;
}

TEST(JudgeKeys, ReadAnEndpointWithItsCalibration) {
  const auto judge = read_judge(
      "grader",
      node_of("{url: 'http://localhost:8000/v1', model: m, retries: 2, calibration: {agreement: "
              "0.75, items: [{question: q, criterion: c, answer: '', expect: false}]}}"),
      ".");
  ASSERT_TRUE(judge.ok()) << judge.error().message;
  EXPECT_EQ(judge.value().name, "grader");
  EXPECT_EQ(judge.value().plan.agreement, 0.75);
  ASSERT_EQ(judge.value().plan.items.size(), 1u);
  EXPECT_FALSE(judge.value().plan.items[0].expect);
}

TEST(JudgeKeys, SendAnswersToNamedHostsAlone) {
  EXPECT_EQ(complaint("{url: 'http://example.org/v1', model: m}"),
            "s.yaml:1:7: url: 'example.org' is not this machine; answers are sent there only where "
            "'allow: [example.org]' says so");
  EXPECT_EQ(complaint("{url: 'http://example.org/v1', model: m, allow: [example.org]}"), "");
  EXPECT_NE(complaint("{url: 'http://localhost.example.org/v1', model: m, allow: [example.org]}"),
            "");
  EXPECT_NE(complaint("{url: 'http://127.0.0.1@example.org/v1', model: m}"), "");
}

TEST(JudgeKeys, TakeTheKeyFromTheEnvironmentAndTellItsNameAlone) {
  ::unsetenv("NELUMBO_TEST_KEY");
  const std::string with_key =
      "{url: 'http://localhost/v1', model: m, key: '${env:NELUMBO_TEST_KEY}'}";
  EXPECT_EQ(
      complaint(with_key),
      "s.yaml:1:45: key: the environment variable NELUMBO_TEST_KEY is not set; export the key "
      "under it");
  ::setenv("NELUMBO_TEST_KEY", "s3cret", 1);
  EXPECT_EQ(complaint(with_key), "");
  EXPECT_EQ(complaint("{url: 'http://example.org/v1', model: m, allow: [example.org], key: "
                      "'${env:NELUMBO_TEST_KEY}'}"),
            "s.yaml:1:7: url: would send the key to 'example.org' in the clear; use https");
  ::setenv("NELUMBO_TEST_KEY", "s3cret\r\nX: y", 1);
  EXPECT_EQ(complaint(with_key).find("s3cret"), std::string::npos);
  EXPECT_NE(complaint(with_key), "");
  ::unsetenv("NELUMBO_TEST_KEY");
  const std::string literal = complaint("{url: 'http://localhost/v1', model: m, key: sk-abc}");
  EXPECT_EQ(literal,
            "s.yaml:1:45: key: must be ${env:NAME}, the name of an environment variable; no key "
            "belongs in a file");
}

TEST(JudgeKeys, SendTheKeyThatTheNameStandsFor) {
  ::setenv("NELUMBO_TEST_KEY", "s3cret", 1);
  JudgeStub stub([](const StubAsk& ask) {
    EXPECT_EQ(ask.authorization, "Bearer s3cret");
    return honest(ask);
  });
  const auto judge = read_judge(
      "grader", node_of("{url: '" + stub.url() + "', model: m, key: '${env:NELUMBO_TEST_KEY}'}"),
      ".");
  ::unsetenv("NELUMBO_TEST_KEY");
  ASSERT_TRUE(judge.ok());
  const JudgeQuestion question{"grader", "q", "says red", "red", JudgeForm::kMet};
  EXPECT_EQ(judge.value().judge->ask({&question, 1}, 5).front().value, 1);
  EXPECT_EQ(judge.value().judge->ask({&question, 1}, 5).front().value, 1);
  EXPECT_EQ(stub.calls(), 1) << "the second is known";
}

TEST(JudgeKeys, NamePlaceAndFixOfWhatIsWrong) {
  EXPECT_EQ(complaint("{model: m}"), "s.yaml:1:1: 'url' is missing");
  EXPECT_EQ(complaint("{url: 'http://localhost/v1', modell: m}"),
            "s.yaml:1:30: modell: unknown key (did you mean 'model'?)");
  EXPECT_EQ(complaint("{kind: endpiont}"), "s.yaml:1:8: kind: must be one of endpoint, policy");
  EXPECT_EQ(complaint("{url: 'http://localhost/v1', model: m, concurrency: 0}"),
            "s.yaml:1:53: concurrency: must be between 1 and 256");
  EXPECT_EQ(complaint("{kind: policy, model: nowhere}"),
            "s.yaml:1:23: model: no model in nowhere; name a Hugging Face directory (with "
            "config.json)");
  EXPECT_EQ(complaint("{kind: policy, model: nowhere, url: x}"), "s.yaml:1:32: url: unknown key");
  EXPECT_EQ(complaint("{url: 'http://localhost/v1', model: m, calibration: {items: [{question: q, "
                      "criterion: c, answer: a}]}}"),
            "s.yaml:1:62: calibration.items[0]: 'expect' is missing");
}

TEST(JudgeKeys, FindAModelBesideTheSpecification) {
  const auto judge = read_judge("own", node_of("{kind: policy, model: llama_tied}"),
                                std::filesystem::path(parity_folder("llama_tied")).parent_path());
  EXPECT_TRUE(judge.ok()) << judge.error().message;
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/replace_all.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/judge_stub.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

/// The shipped specification of HealthBench, with its judge at another place; one that is away is
/// not waited for.
std::string put_spec(const TemporaryFolder& folder, const std::string& url) {
  std::string spec = slurp(in_repository("configs/rewards/healthbench.yaml"));
  replace_all(&spec, "retries: 6\n", "retries: 0\n    breaker_failures: 1000\n");
  const std::string shipped = "http://127.0.0.1:8000/v1\n";
  const size_t at = spec.find("http://127.0.0.1:8000/v1");
  spec.replace(at, shipped.size() - 1, url);
  put_file(folder / "spec.yaml", spec);
  return folder / "spec.yaml";
}

/// A judge that knows what the shipped calibration items and tests are about.
StubReply sensible(const StubAsk& ask) {
  const bool met = (ask.criterion == "Says that the potassium is normal." &&
                    ask.answer.find("potassium is normal") != std::string::npos) ||
                   (ask.criterion == "Asks how much sport she does." &&
                    ask.answer.find("soccer") != std::string::npos) ||
                   ask.answer.find("3.5 and 5.0") != std::string::npos ||
                   ask.answer.find("emergency number") != std::string::npos ||
                   ask.answer.find("take both as you like") != std::string::npos;
  return verdict(ask, met);
}

TEST(RewardJudgeCommand, AdmitsAJudgeThatKnowsItsCalibration) {
  const TemporaryFolder folder;
  JudgeStub stub(sensible);
  const Called called = call({"reward", "judge", put_spec(folder, stub.url()), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto exam = nlohmann::json::parse(called.out)[0];
  EXPECT_EQ(exam["judge"], "grader");
  EXPECT_TRUE(exam["admitted"].get<bool>());
  EXPECT_EQ(exam["items"], 8);
  EXPECT_EQ(exam["accepted"], 0);
}

TEST(RewardJudgeCommand, RefusesAJudgeThatSaysYesAndOneThatIsAway) {
  const TemporaryFolder folder;
  JudgeStub stub([](const StubAsk& ask) { return verdict(ask, true); });
  const std::string spec = put_spec(folder, stub.url());
  const Called refused = call({"reward", "judge", spec});
  EXPECT_EQ(refused.code, 6);
  EXPECT_TRUE(has(refused.err, "judge grader is refused: ")) << refused.err;
  EXPECT_TRUE(has(refused.out, "REFUSED")) << refused.out;
  EXPECT_EQ(call({"reward", "try", spec}).code, 6);
  EXPECT_EQ(call({"reward", "judge", in_repository("configs/rewards/gsm8k.yaml")}).code, 2);
  const std::string nobody = put_spec(folder, "http://127.0.0.1:1/v1");
  const Called away = call({"reward", "judge", nobody});
  EXPECT_EQ(away.code, 3);
  EXPECT_TRUE(has(away.out, "NOT ASKED")) << away.out;
  const Called tests_alone = call({"reward", "try", nobody});
  EXPECT_EQ(tests_alone.code, 3);
  EXPECT_TRUE(has(tests_alone.err, "which ask nobody, hold")) << tests_alone.err;
}

TEST(RewardJudgeCommand, TriesAndScoresBySpecificationsWithJudges) {
  const TemporaryFolder folder;
  JudgeStub stub(sensible);
  const std::string spec = put_spec(folder, stub.url());
  const Called tried = call({"reward", "try", spec});
  EXPECT_EQ(tried.code, 0) << tried.err << tried.out;
  EXPECT_TRUE(has(tried.out, "ok: nothing beats the right answer")) << tried.out;
  stub.change(honest);
  put_file(
      folder / "a.jsonl",
      R"({"row": {"messages": [{"role": "user", "content": "Hi"}], "rubric": [{"criterion": )"
      R"("Says red", "points": 3}, {"criterion": "Says blue", "points": -5}]}, "answer": "red"})"
      "\n"
      R"({"row": {"messages": [{"role": "user", "content": "Hi"}], "rubric": [{"criterion": )"
      R"("Says red", "points": 3}, {"criterion": "Says blue", "points": -5}]}, "answer": "blue"})"
      "\n");
  const Called scored = call({"reward", "score", spec, "--input", folder / "a.jsonl", "--mean"});
  ASSERT_EQ(scored.code, 0) << scored.err;
  std::istringstream lines(scored.out);
  std::vector<nlohmann::json> out;
  for (std::string line; std::getline(lines, line);)
    out.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(out.size(), 3U);
  EXPECT_DOUBLE_EQ(out[0]["total"], 1);
  EXPECT_DOUBLE_EQ(out[1]["total"], -5.0 / 3);
  // (1 - 5/3) / 2 is below 0: the mean is clipped, and only the mean.
  EXPECT_EQ(out[2]["mean"]["healthbench"]["total"], 0);
  EXPECT_EQ(out[2]["mean"]["healthbench"]["answers"], 2);
  const Called lacks = [&] {
    put_file(folder / "b.jsonl", R"({"row": {"messages": []}, "answer": "red"})");
    return call({"reward", "score", spec, "--input", folder / "b.jsonl"});
  }();
  EXPECT_EQ(lacks.code, 4);
  EXPECT_TRUE(has(lacks.err, "has no field 'rubric'")) << lacks.err;
}

}  // namespace
}  // namespace nelumbo

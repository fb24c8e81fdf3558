// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

constexpr const char* kHeart = "The heart pumps blood into the body.";

std::string line(const std::string& id, const std::string& text) {
  return nlohmann::json{{"id", id}, {"text", text}}.dump() + "\n";
}

TEST(CorpusCleanCommand, WritesWhatIsLeftAndSaysWhy) {
  const TemporaryFolder folder;
  put_file(folder / "in.jsonl", line("a", kHeart) + line("b", kHeart) + line("c", "Table 3."));
  const Called called =
      call({"corpus", "clean", folder / "in.jsonl", "-o", folder / "out.jsonl", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["read"], 3);
  EXPECT_EQ(report["kept"], 1);
  EXPECT_EQ(report["removed"]["duplicate"], 1);
  EXPECT_EQ(report["removed"]["length"], 1);
  EXPECT_TRUE(report["decontamination"].is_null());
  const std::string written = slurp(folder / "out.jsonl");
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
  EXPECT_EQ(nlohmann::json::parse(written)["text"], kHeart);
}

TEST(CorpusCleanCommand, DropsWhatAnEvaluationFileHolds) {
  const TemporaryFolder folder;
  put_file(folder / "in.jsonl",
           line("a", kHeart) + line("b", "The lung takes oxygen from the air."));
  put_file(folder / "exam.jsonl", line("x", kHeart));
  const Called called = call({"corpus", "clean", folder / "in.jsonl", "--against",
                              folder / "exam.jsonl", "-o", folder / "out.jsonl", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["clean"], 2);
  EXPECT_EQ(report["kept"], 1) << "what is left behind both steps";
  const auto found = report["decontamination"];
  EXPECT_EQ(found["dropped"], 1);
  EXPECT_TRUE(found["pairs"][0]["id"].get<std::string>().ends_with("/a"));
  EXPECT_FALSE(has(slurp(folder / "out.jsonl"), "heart"));
}

TEST(CorpusCleanCommand, SplitsByTheHashOfTheId) {
  const std::string file = in_repository("data/medqa/dev.jsonl");
  int64_t read = 0;
  for (const char* part : {"train", "development"}) {
    const Called called = call({"corpus", "clean", file, "--part", part, "--json"});
    ASSERT_EQ(called.code, 0) << called.err;
    read += nlohmann::json::parse(called.out)["read"].get<int64_t>();
  }
  EXPECT_EQ(read, 621);
}

TEST(CorpusCleanCommand, SaysHowManyPlantedFaultsItFinds) {
  const std::string file = in_repository("data/medqa/dev.jsonl");
  const Called called =
      call({"corpus", "clean", file, "--planted", "80", "--seeds", "2", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto planted = nlohmann::json::parse(called.out)["planted"];
  EXPECT_GE(planted["recall"].get<double>(), 0.9);
  EXPECT_EQ(planted["seeds"], 2);
  ASSERT_EQ(planted["faults"].size(), 8U);
  EXPECT_EQ(planted["faults"]["markup"]["planted"], 20) << "of both seeds";
  const Called told = call({"corpus", "clean", file, "--planted", "80"});
  EXPECT_TRUE(has(told.out, "1 seed: least recall")) << told.out;
  EXPECT_TRUE(has(told.out, "  gibberish: 10 of 10")) << told.out;
}

TEST(CorpusCleanCommand, LeavesNothingHalfWritten) {
  const TemporaryFolder folder;
  put_file(folder / "in.jsonl", line("a", kHeart) + "{\"id\":\"b\"");
  const Called called = call({"corpus", "clean", folder / "in.jsonl", "-o", folder / "out.jsonl"});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "in.jsonl:2: not JSON")) << called.err;
  EXPECT_EQ(std::count(called.err.begin(), called.err.end(), '\n'), 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "out.jsonl"));
}

TEST(CorpusCleanCommand, WritesOverNothingThatItReads) {
  const TemporaryFolder folder;
  put_file(folder / "in.jsonl", line("a", kHeart));
  const Called called = call({"corpus", "clean", folder / "in.jsonl", "-o", folder / "./in.jsonl"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "is the same file as")) << called.err;
  EXPECT_EQ(slurp(folder / "in.jsonl"), line("a", kHeart));
}

TEST(CorpusCleanCommand, RefusesToTrainOnHealthBench) {
  const Called called =
      call({"corpus", "clean", in_repository("data/healthbench/calibration.jsonl")});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "for evaluation only")) << called.err;
}

TEST(CorpusCleanCommand, RefusesMoreFaultsThanTexts) {
  const TemporaryFolder folder;
  put_file(folder / "in.jsonl", line("a", kHeart));
  const Called called = call({"corpus", "clean", folder / "in.jsonl", "--planted", "5"});
  EXPECT_EQ(called.code, 2);
  const Called bug =
      call({"corpus", "clean", folder / "in.jsonl", "--planted", "4611686018427387904"});
  EXPECT_EQ(bug.code, 2) << bug.err;
  EXPECT_TRUE(has(called.err, "--planted: 5 faults need twice as many texts, but there are 1"))
      << called.err;
}

}  // namespace
}  // namespace nelumbo

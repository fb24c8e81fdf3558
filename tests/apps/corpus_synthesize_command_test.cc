// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "corpus/multi_hop_json.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

Called synthesize(const std::string& output, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"corpus", "synthesize", "--data", in_repository("data"),
                                     "-o",     output,       "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return call(arguments);
}

TEST(CorpusSynthesize, WritesAThousandItemsThatPassTheAudit) {
  const TemporaryFolder folder;
  const Called called = synthesize(folder / "items.jsonl", {"--count", "1000"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_TRUE(report["ok"].get<bool>());
  EXPECT_EQ(report["items"], 1000);
  for (const auto& [fault, count] : report["faults"].items())
    EXPECT_EQ(count, 0) << fault;
  EXPECT_EQ(report["faulty_chains"], 0);
  int64_t long_ones = 0;
  for (const auto& [hops, count] : report["hidden_hops"].items())
    long_ones += std::stoi(hops) >= 5 ? count.get<int64_t>() : 0;
  EXPECT_GE(long_ones, 100);
  const auto items = read_multi_hop(slurp(folder / "items.jsonl"), "items.jsonl");
  ASSERT_TRUE(items) << items.error().message;
  EXPECT_EQ(items.value().size(), 1000U);
}

TEST(CorpusSynthesize, WritesTheSameBytesForTheSameSeed) {
  const TemporaryFolder folder;
  ASSERT_EQ(synthesize(folder / "a", {"--count", "40", "--seed", "3"}).code, 0);
  ASSERT_EQ(synthesize(folder / "b", {"--count", "40", "--seed", "3"}).code, 0);
  ASSERT_EQ(synthesize(folder / "c", {"--count", "40", "--seed", "4"}).code, 0);
  EXPECT_EQ(slurp(folder / "a"), slurp(folder / "b"));
  EXPECT_NE(slurp(folder / "a"), slurp(folder / "c"));
}

TEST(CorpusSynthesize, SaysWhenThereAreNotSoManyItems) {
  const TemporaryFolder folder;
  const Called called = synthesize(folder / "items.jsonl", {"--count", "1000000"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "--count: these entities give at most ")) << called.err;
  const Called none = synthesize(folder / "items.jsonl", {"--count", "0"});
  EXPECT_EQ(none.code, 2);
  EXPECT_LT(none.err.size(), 200U) << none.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "items.jsonl"));
}

TEST(CorpusSynthesize, WritesOverNoVocabulary) {
  const std::string terms = in_repository("data/mesh/terms.tsv");
  const std::string before = slurp(terms);
  const Called called = synthesize(terms, {"--count", "10"});
  EXPECT_EQ(called.code, 2);
  EXPECT_TRUE(has(called.err, "is the same file as")) << called.err;
  EXPECT_EQ(slurp(terms), before);
}

}  // namespace
}  // namespace nelumbo

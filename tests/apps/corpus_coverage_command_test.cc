// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/apps/called.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

Called coverage(const TemporaryFolder& folder, const std::string& text) {
  EXPECT_TRUE(write_file_atomic(folder / "a.json", text).ok());
  return call({"corpus", "coverage", folder / "a.json", "--data", in_repository("data"), "--json"});
}

TEST(CorpusCoverageCommand, ListsWhatTheTreeKnowsLeast) {
  const TemporaryFolder folder;
  const Called called = coverage(
      folder, R"({"1": {"QUESTION": "q", "CONTEXTS": ["An asthma."], "LABELS": ["X"],)"
              R"( "MESHES": ["Asthma", "Fever", "Qqzzkk"], "YEAR": "2000", "LONG_ANSWER": "l",)"
              R"( "final_decision": "yes"}})");
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_EQ(report["headings"], 3);
  EXPECT_NEAR(report["forward"]["exact"].get<double>(), 2.0 / 3, 1e-9);
  EXPECT_NEAR(report["forward"]["embedding"].get<double>(), 2.0 / 3, 0.1);
  EXPECT_LT(report["backward"]["exact"].get<double>(), 0.001);
  EXPECT_EQ(report["weakest"][0]["heading"], "Qqzzkk");
  EXPECT_EQ(report["rarest"][0]["name"], "Fever");
  EXPECT_EQ(report["rarest"][0]["mentions"], 0);
  EXPECT_EQ(report["rarest"][1]["mentions"], 1);
}

TEST(CorpusCoverageCommand, NamesAFileThatIsNoBenchmark) {
  const TemporaryFolder folder;
  const Called called = coverage(folder, "[1");
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "a.json")) << called.err;
}

}  // namespace
}  // namespace nelumbo

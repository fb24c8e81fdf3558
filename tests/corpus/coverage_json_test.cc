// SPDX-License-Identifier: Apache-2.0
#include "corpus/coverage_json.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

EntityTree two_headings() {
  EntitySources sources;
  sources.mesh = {{"D1", "Fever", {"C23"}, 1}, {"D2", "Cough", {"C24"}, 2}};
  auto tree = EntityTree::build(sources);
  return std::move(tree).value();
}

TEST(CoverageJson, CountsInBothDirections) {
  const TemporaryFolder folder;
  const std::string file = folder / "set.json";
  ASSERT_TRUE(write_file_atomic(file,
                                R"({"1": {"QUESTION": "Is it?", "CONTEXTS": ["Fever and more."],
                                "MESHES": ["Fever", "Xylophone"], "LONG_ANSWER": "It is.",
                                "final_decision": "yes"}})")
                  .ok());
  const auto made = coverage_json(two_headings(), file);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made.value()["headings"], 2);
  EXPECT_EQ(made.value()["forward"]["exact"], 0.5);
  EXPECT_EQ(made.value()["backward"]["exact"], 0.5);
  EXPECT_EQ(made.value()["weakest"][0]["heading"], "Xylophone");
  EXPECT_EQ(made.value()["rarest"][0]["name"], "Fever");
  EXPECT_EQ(made.value()["rarest"][0]["mentions"], 1);
}

TEST(CoverageJson, RefusesAFileWithoutHeadings) {
  const TemporaryFolder folder;
  const std::string file = folder / "set.json";
  ASSERT_TRUE(write_file_atomic(file, R"({"1": {"QUESTION": "Is it?", "CONTEXTS": ["Fever."],
                                "MESHES": [], "LONG_ANSWER": "It is.",
                                "final_decision": "yes"}})")
                  .ok());
  const auto made = coverage_json(two_headings(), file);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/output_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(OutputFile, IsNoneOfTheOthersByAnySpellingOrLink) {
  const TemporaryFolder folder;
  const std::string input = folder / "in.jsonl";
  put_file(input, "x");
  std::filesystem::create_symlink(input, folder / "soft");
  std::filesystem::create_hard_link(input, folder / "hard");
  for (const char* spelling : {"in.jsonl", "./in.jsonl", "soft", "hard"}) {
    const Result<void> other = require_other_file("-o", folder / spelling, {"", input});
    ASSERT_FALSE(other.ok()) << spelling;
    EXPECT_EQ(other.error().code, Errc::kInvalidConfig);
    EXPECT_NE(other.error().message.find("is the same file as " + input), std::string::npos);
  }
  EXPECT_TRUE(require_other_file("-o", folder / "out.jsonl", {input}).ok());
  EXPECT_TRUE(require_other_file("-o", "", {input, ""}).ok());
}

TEST(OutputFile, IsNoOtherThatWillBeWrittenEither) {
  const TemporaryFolder folder;
  EXPECT_FALSE(require_other_file("-o", folder / "new", {folder / "./new"}).ok());
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "actors/manifest.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::json;

class ManifestTest : public ::testing::Test {
 protected:
  ManifestTest() {
    std::filesystem::create_directory(folder_ / "in");
    std::ofstream(folder_ / "in/a") << "one";
    std::ofstream(folder_ / "b") << "two";
    auto files = synced_files(folder_.path(), {});
    EXPECT_TRUE(files.ok());
    EXPECT_TRUE(write_manifest(folder_.path(), {{"format", 1}, {"files", files.value()}}).ok());
  }
  /// What is wrong with the folder; empty: nothing.
  std::string complaint(int64_t format = 1) const {
    const auto text = read_file(folder_ / "manifest.json", 1 << 16);
    const auto found = check_manifest(folder_.path(), json::parse(text.value()), format, {"b"});
    return found ? "" : found.error().message;
  }
  TemporaryFolder folder_;
};

TEST_F(ManifestTest, ListsEveryFileBelowTheFolder) {
  const json manifest = json::parse(read_file(folder_ / "manifest.json", 1 << 16).value());
  EXPECT_EQ(manifest["files"].size(), 2U);
  EXPECT_EQ(manifest["files"]["in/a"]["size"], 3);
  EXPECT_EQ(complaint(), "");
}

TEST_F(ManifestTest, SaysWhatIsNotAsItWas) {
  EXPECT_NE(complaint(2).find("manifest.json: is of an unknown format"), std::string::npos);
  std::ofstream(folder_ / "in/a") << "ene";
  EXPECT_NE(complaint().find("in/a: was changed or damaged (hash differs)"), std::string::npos);
  std::ofstream(folder_ / "in/a") << "longer";
  EXPECT_NE(complaint().find("in/a: has another size"), std::string::npos);
  std::filesystem::remove(folder_ / "in/a");
  EXPECT_NE(complaint().find("in/a: missing"), std::string::npos);
}

TEST_F(ManifestTest, TakesTheHashOfWhatWasToBeWritten) {
  const auto files = synced_files(folder_.path(), {{"b", "said before"}});
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files.value()["b"]["xxh3_128"], "said before");
}

TEST(Manifest, CannotBeMadeOfAFolderThatIsGone) {
  const TemporaryFolder folder;
  const auto files = synced_files(folder / "gone", {});
  ASSERT_FALSE(files.ok());
  EXPECT_EQ(files.error().code, Errc::kEnvironment);
}

}  // namespace
}  // namespace nelumbo

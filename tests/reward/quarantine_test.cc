// SPDX-License-Identifier: Apache-2.0
#include "reward/quarantine.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const nlohmann::json kRequest{{"prompt_id", "val/x/count/0"}, {"answer", "3"}};

TEST(Quarantine, TakesASampleAtItsSecondDeath) {
  Quarantine quarantine("grade");
  quarantine.note_death("a", "signal 11", kRequest);
  quarantine.note_death("b", "signal 11", kRequest);
  EXPECT_FALSE(quarantine.refusal("a"));
  EXPECT_EQ(quarantine.count(), 0);
  quarantine.note_death("a", "signal 9", kRequest);
  EXPECT_EQ(quarantine.refusal("a"), "quarantined: the program failed on it twice; signal 9");
  EXPECT_FALSE(quarantine.refusal("b"));
  EXPECT_EQ(quarantine.count(), 1);
}

TEST(Quarantine, SavesTheRequestWhereItHasAFolder) {
  const TemporaryFolder folder;
  Quarantine quarantine("grade");
  quarantine.keep_dumps(folder / "quarantine");
  for (int death = 0; death < 3; ++death)
    quarantine.note_death("k", "signal 11", kRequest);
  const auto text = read_file(folder / "quarantine/k.json", 10'000);
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(nlohmann::json::parse(text.value()),
            nlohmann::json({{"term", "grade"}, {"cause", "signal 11"}, {"request", kRequest}}));
  EXPECT_EQ(quarantine.count(), 1);
}

TEST(Quarantine, KnowsWhatAProcessBeforeItSaved) {
  const TemporaryFolder folder;
  {
    Quarantine first("grade");
    first.keep_dumps(folder.path());
    for (int death = 0; death < 2; ++death)
      first.note_death("k", "signal 11", kRequest);
  }
  std::ofstream(folder / "broken.json") << "{";
  Quarantine next("grade"), other("format");
  next.keep_dumps(folder.path());
  other.keep_dumps(folder.path());
  EXPECT_EQ(next.refusal("k"), "quarantined: the program failed on it twice; signal 11");
  EXPECT_EQ(next.count(), 1);
  EXPECT_FALSE(other.refusal("k")) << "another term asks another program";
}

TEST(Quarantine, FillsNoDisk) {
  const TemporaryFolder folder;
  Quarantine quarantine("grade");
  quarantine.keep_dumps(folder.path());
  for (int64_t i = 0; i < 2 * (Quarantine::kMostDumps + 5); ++i)
    quarantine.note_death(std::to_string(i / 2), "signal 11", kRequest);
  const std::filesystem::directory_iterator files(folder.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), Quarantine::kMostDumps);
  EXPECT_EQ(quarantine.count(), Quarantine::kMostDumps + 5);
}

TEST(Quarantine, WorksWhereItsFolderCannotBeMade) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  Quarantine quarantine("grade");
  quarantine.keep_dumps(folder / "file/quarantine");
  quarantine.note_death("k", "signal 11", kRequest);
  quarantine.note_death("k", "signal 11", kRequest);
  EXPECT_TRUE(quarantine.refusal("k"));
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/curated_cache.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/curated_data.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const std::string kData = std::string(NELUMBO_SOURCE_DIR) + "/data";

RunConfig config_in(const TemporaryFolder& folder) {
  RunConfig config;
  config.run.root = folder.path();
  config.curate = small_curation();
  config.tokenizer.vocab_size = 600;
  return config;
}

// One test, since each part would curate anew.
TEST(CuratedCache, ReusesWhatAnotherRunCuratedUnlessItIsDamagedOrOfOtherSettings) {
  const TemporaryFolder folder;
  const RunConfig config = config_in(folder);
  const auto made = obtain_curated(config, kData, Reuse::kAllowed);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_FALSE(made.value().reused);
  ASSERT_TRUE(keep_curated(config, made.value(), folder / "first", Reuse::kAllowed).ok());
  EXPECT_TRUE(std::filesystem::exists(folder / "first/curate/report.json"));
  const auto again = obtain_curated(config, kData, Reuse::kAllowed);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_TRUE(again.value().reused);
  EXPECT_EQ(again.value().data->training, made.value().data->training);

  RunConfig other = config;
  other.curate.sampling.exponent = 0;
  const auto changed = obtain_curated(other, kData, Reuse::kAllowed);
  ASSERT_TRUE(changed.ok());
  EXPECT_NE(changed.value().key, made.value().key);
  EXPECT_FALSE(changed.value().reused);

  ASSERT_TRUE(write_file_atomic(folder / "stages/" + made.value().key + "/report.json", "{").ok());
  testing::internal::CaptureStderr();
  const auto anew = obtain_curated(config, kData, Reuse::kAllowed);
  const std::string said = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(anew.ok()) << anew.error().message;
  EXPECT_FALSE(anew.value().reused);
  EXPECT_NE(said.find("what curate kept is damaged and is made anew: "), std::string::npos) << said;
  EXPECT_NE(said.find("report.json"), std::string::npos) << said;
}

TEST(CuratedCache, NamesTheInputThatIsMissing) {
  const TemporaryFolder folder;
  const auto made = obtain_curated(config_in(folder), folder / "nothing", Reuse::kAllowed);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, Errc::kBadData);
  EXPECT_NE(made.error().message.find("pqal_train.json"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/curation.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "base/file.h"
#include "corpus/holdout.h"
#include "tests/support/curated_data.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Curation, LeavesNoEvaluationTextInTraining) {
  for (const Document& document : shipped_curated().documents)
    if (document.source == "pubmedqa" || document.source == "medmcqa")
      EXPECT_EQ(part_of(document.id), Part::kTrain) << document.id;
  EXPECT_EQ(shipped_curated().entities.size(), shipped_curated().documents.size());
}

TEST(Curation, KeepsValidationPathsOutOfTraining) {
  const Curated& curated = shipped_curated();
  EXPECT_GE(curated.validation.size(), 10U);
  const auto key = [](const MultiHopItem& item) {
    std::string ids;
    for (const PathStop& stop : item.path)
      ids += "|" + stop.id;
    return ids + "|";
  };
  for (const auto* items : {&curated.training, &curated.reading})
    for (const MultiHopItem& item : *items)
      for (const MultiHopItem& asked : curated.validation)
        EXPECT_EQ(key(item).find(key(asked)), std::string::npos)
            << item.id << " holds " << asked.id;
}

TEST(Curation, AsksAboutSingleFactsInTrainingOnly) {
  const Curated& curated = shipped_curated();
  const auto single = [](const MultiHopItem& item) { return item.hops.size() == 1; };
  EXPECT_EQ(std::ranges::count_if(curated.training, single),
            curated.report["facts"]["items"].get<int64_t>());
  EXPECT_GT(std::ranges::count_if(curated.training, single), 10);
  EXPECT_EQ(std::ranges::count_if(curated.validation, single), 0);
  EXPECT_GT(std::ssize(curated.reading), 40);
}

TEST(Curation, ReportsWhatItMeasured) {
  const nlohmann::json& report = shipped_curated().report;
  EXPECT_GE(report["coverage"]["forward"]["exact"], 0.98);
  EXPECT_EQ(report["coverage"]["weakest"].size(), 20U);
  EXPECT_EQ(report["decontamination"]["exams"]["dropped"], 3);
  EXPECT_GE(report["tree"]["names"], 40000);
  for (const auto& [fault, count] : report["multihop"]["faults"].items())
    EXPECT_EQ(count, 0) << fault;
  EXPECT_EQ(report["multihop"]["faulty_chains"], 0);
}

TEST(Curation, SaysWhatIsWrongWithATextAndWhere) {
  const TemporaryFolder folder;
  std::filesystem::copy(std::string(NELUMBO_SOURCE_DIR) + "/data/", folder.path(),
                        std::filesystem::copy_options::recursive);
  const std::string broken = folder / "gsm8k/train.jsonl";
  ASSERT_TRUE(write_file_atomic(broken, "{\"question\": \"a\", \"answer\": \"b\"}\n{oops\n").ok());
  const auto curated = curate(folder.path(), small_curation(), {.vocab_size = 600}, 1);
  ASSERT_FALSE(curated.ok());
  EXPECT_EQ(curated.error().code, Errc::kBadData);
  EXPECT_NE(curated.error().message.find(broken + ":2"), std::string::npos)
      << curated.error().message;
}

TEST(Curation, AsksForMoreEntitiesWhereThereIsNothingToAsk) {
  CurateConfig config = small_curation();
  config.entities = 20;
  config.most_hops = 2;
  config.questions = 10;
  config.validation_questions = 9;
  const auto curated =
      curate(std::string(NELUMBO_SOURCE_DIR) + "/data", config, {.vocab_size = 600}, 4);
  if (!curated.ok())
    EXPECT_NE(curated.error().message.find("curate.entities"), std::string::npos);
  else
    EXPECT_FALSE(curated.value().training.empty());
}

}  // namespace
}  // namespace nelumbo

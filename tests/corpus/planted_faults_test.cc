// SPDX-License-Identifier: Apache-2.0
#include "corpus/planted_faults.h"

#include <set>

#include <gtest/gtest.h>

#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

std::vector<Document> shipped() {
  Result<std::vector<Document>> read = read_all_documents(
      {NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json",
       NELUMBO_SOURCE_DIR "/data/medmcqa/dev.jsonl", NELUMBO_SOURCE_DIR "/data/gsm8k/train.jsonl",
       NELUMBO_SOURCE_DIR "/data/disease-ontology/DO_rare_slim.obo"});
  EXPECT_TRUE(read.ok()) << read.error().message;
  return read ? std::move(read).value() : std::vector<Document>{};
}

TEST(PlantedFaults, StandInTextsOfTheirOwn) {
  const PlantedCorpus planted = plant_faults(shipped(), 500, FaultSet::kHeldOut, 3);
  std::set<int64_t> places;
  std::map<Fault, int> counts;
  for (const PlantedFault& fault : planted.faults) {
    places.insert(fault.document);
    ++counts[fault.fault];
  }
  EXPECT_EQ(places.size(), 500U);
  EXPECT_EQ(counts.size(), std::size(kAllFaults));
  for (const auto& [fault, count] : counts)
    EXPECT_GE(count, 62) << fault_name(fault);
}

TEST(PlantedFaults, AreFoundAndLittleElseIs) {
  for (const FaultSet set : {FaultSet::kOpen, FaultSet::kHeldOut}) {
    const PlantedCorpus planted = plant_faults(shipped(), 500, set, 0);
    const PlantedScore score = score_cleaning(planted, clean(planted.documents));
    EXPECT_GE(score.recall(), 0.95);
    EXPECT_LE(score.false_removals(), 0.01);
    for (const auto& [fault, caught] : score.faults)
      EXPECT_GE(caught.caught, caught.planted * 85 / 100) << fault_name(fault);
  }
}

TEST(PlantedFaults, AreCaughtWhenTheyLeaveOrAreUndone) {
  const auto document = [](const std::string& id, const std::string& text) {
    return Document{id, "test", text, {"test", 1}};
  };
  PlantedCorpus planted;
  planted.documents = {document("0", "a"), document("1", "b"), document("2", "c"),
                       document("3", "d")};
  planted.faults = {
      {0, Fault::kMarkup, "mended"}, {1, Fault::kMarkup, "other"}, {2, Fault::kGibberish, ""}};
  CleanedTexts cleaned;
  cleaned.documents = {document("0", "mended"), document("1", "b")};
  cleaned.report.removed = {{2, Removal::kGibberish}, {3, Removal::kLength}};
  const PlantedScore score = score_cleaning(planted, cleaned);
  EXPECT_EQ(score.faults.at(Fault::kMarkup).caught, 1);
  EXPECT_EQ(score.faults.at(Fault::kGibberish).caught, 1);
  EXPECT_DOUBLE_EQ(score.recall(), 2.0 / 3);
  EXPECT_EQ(score.sound, 1);
  EXPECT_DOUBLE_EQ(score.false_removals(), 1);
}

}  // namespace
}  // namespace nelumbo

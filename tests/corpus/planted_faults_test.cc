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

/// The smallest shipped corpus that 500 faults fit into: half of it is rubbish then.
TEST(PlantedFaults, AreFoundInASmallCorpusWithAnySeed) {
  const Result<std::vector<Document>> read =
      read_all_documents({NELUMBO_SOURCE_DIR "/data/medmcqa/dev.jsonl"});
  ASSERT_TRUE(read.ok()) << read.error().message;
  for (const uint64_t seed : {1, 2, 14}) {
    const PlantedCorpus planted = plant_faults(read.value(), 500, FaultSet::kHeldOut, seed);
    const PlantedScore score = score_cleaning(planted, clean(planted.documents, {}, seed));
    EXPECT_GE(score.recall(), 0.95) << seed;
    EXPECT_LE(score.false_removals(), 0.01) << seed;
  }
}

Document document(const std::string& id, const std::string& text) {
  return Document{id, "test", text, {"test", 1}};
}

TEST(PlantedFaults, AreCaughtWhenTheyLeaveOrAreUndone) {
  PlantedCorpus planted;
  planted.documents = {document("0", "a"), document("1", "b"), document("2", "c"),
                       document("3", "A text of enough words to say something.")};
  planted.faults = {
      {0, Fault::kMarkup, "mended"}, {1, Fault::kMarkup, "other"}, {2, Fault::kGibberish, ""}};
  CleanedTexts cleaned;
  cleaned.documents = {document("0", "mended"), document("1", "b")};
  cleaned.report.removed = {{2, Removal::kGibberish}, {3, Removal::kForeign}};
  PlantedScore score = score_cleaning(planted, cleaned);
  EXPECT_EQ(score.faults.at(Fault::kMarkup).caught, 1);
  EXPECT_EQ(score.faults.at(Fault::kGibberish).caught, 1);
  EXPECT_DOUBLE_EQ(score.recall(), 2.0 / 3);
  EXPECT_EQ(score.sound, 1);
  EXPECT_DOUBLE_EQ(score.false_removals(), 1);
  score.add(score_cleaning(planted, cleaned));
  EXPECT_EQ(score.faults.at(Fault::kMarkup).planted, 4);
  EXPECT_EQ(score.sound, 2);
}

TEST(PlantedFaults, AreNoneWhereTheCorpusHadThem) {
  PlantedCorpus planted;
  planted.documents = {document("0", "The heart pumps blood into the body."),
                       document("1", "the heart  pumps blood into the body."),
                       document("2", "Answer- D. PEP carboxylase"),
                       document("3", "HR normal: 60-100 MAP normal: 95")};
  CleanedTexts cleaned;
  cleaned.documents = {planted.documents[0]};
  cleaned.report.removed = {{1, Removal::kDuplicate}, {2, Removal::kLength}, {3, Removal::kLength}};
  const PlantedScore score = score_cleaning(planted, cleaned);
  EXPECT_EQ(score.born_faulty, 2);
  EXPECT_EQ(score.sound, 2);
  ASSERT_EQ(score.falsely_removed.size(), 1U);
  EXPECT_EQ(score.falsely_removed[0].document, 3);
}

}  // namespace
}  // namespace nelumbo

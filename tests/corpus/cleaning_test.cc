// SPDX-License-Identifier: Apache-2.0
#include "corpus/cleaning.h"

#include <gtest/gtest.h>

#include "corpus/text_sources.h"

namespace nelumbo {
namespace {

std::vector<Document> documents(const std::vector<std::string>& texts) {
  std::vector<Document> all;
  all.reserve(texts.size());
  for (const std::string& text : texts)
    all.push_back({std::to_string(all.size()), "test", text, {"test", 1}});
  return all;
}

TEST(Cleaning, KeepsTheFirstOfEqualTexts) {
  const CleanedTexts cleaned = clean(
      documents({"The heart pumps blood into the body.", "the heart  pumps blood\ninto the body.",
                 "The lung takes oxygen from the air."}));
  ASSERT_EQ(cleaned.documents.size(), 2U);
  EXPECT_EQ(cleaned.documents[0].id, "0");
  ASSERT_EQ(cleaned.report.removed.size(), 1U);
  EXPECT_EQ(cleaned.report.removed[0].document, 1);
  EXPECT_EQ(cleaned.report.removed[0].reason, Removal::kDuplicate);
}

TEST(Cleaning, WritesNormalisedTexts) {
  const CleanedTexts cleaned =
      clean(documents({"SjÃ¶gren disease dries the eyes <i>and</i> mouth."}));
  ASSERT_EQ(cleaned.documents.size(), 1U);
  EXPECT_EQ(cleaned.documents[0].text, "Sjögren disease dries the eyes and mouth.");
  EXPECT_EQ(cleaned.report.normalised, 1);
}

TEST(Cleaning, CountsEachReason) {
  const CleanedTexts cleaned =
      clean(documents({"The heart pumps blood into the body.", "Table 3.",
                       "Пациент жалуется на боль в груди сегодня",
                       "<html><body><div><p>The page</p></div></body></html>", "\x01\x02"}));
  const auto counts = cleaned.report.counts();
  EXPECT_EQ(cleaned.report.kept, 1);
  EXPECT_EQ(counts.at(Removal::kLength), 1);
  EXPECT_EQ(counts.at(Removal::kBroken), 1);
  EXPECT_EQ(counts.at(Removal::kForeign), 1);
  EXPECT_EQ(counts.at(Removal::kMarkup), 1);
  EXPECT_EQ(counts.at(Removal::kQuality), 0);
  EXPECT_EQ(counts.size(), std::size(kAllRemovals));
}

TEST(Cleaning, OfNothingIsNothing) {
  EXPECT_TRUE(clean({}).documents.empty());
}

TEST(Cleaning, LeavesTheShippedTextAlone) {
  Result<std::vector<Document>> read = read_all_documents(
      {NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json",
       NELUMBO_SOURCE_DIR "/data/medmcqa/dev.jsonl", NELUMBO_SOURCE_DIR "/data/gsm8k/train.jsonl",
       NELUMBO_SOURCE_DIR "/data/disease-ontology/DO_rare_slim.obo"});
  ASSERT_TRUE(read.ok()) << read.error().message;
  const CleanedTexts cleaned = clean(read.value());
  EXPECT_EQ(cleaned.report.read, 12332);
  EXPECT_LE(static_cast<double>(cleaned.report.removed.size()), 0.01 * 12332);
  EXPECT_EQ(clean(cleaned.documents).report.normalised, 0);
}

}  // namespace
}  // namespace nelumbo

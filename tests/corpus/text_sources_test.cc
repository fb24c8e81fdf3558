// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_sources.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::vector<Document> shipped(const std::string& file) {
  Result<std::vector<Document>> documents = read_documents(NELUMBO_SOURCE_DIR "/data/" + file);
  EXPECT_TRUE(documents.ok()) << documents.error().message;
  return documents ? std::move(documents).value() : std::vector<Document>{};
}

TEST(TextSources, HaveTheDocumentsThatWereCounted) {
  EXPECT_EQ(shipped("pubmedqa/pqal_train.json").size(), 500U);
  EXPECT_EQ(shipped("medmcqa/dev.jsonl").size(), 1078U);
  EXPECT_EQ(shipped("medqa/dev.jsonl").size(), 621U);
  EXPECT_EQ(shipped("mmlu_medical/dev.jsonl").size(), 550U);
  EXPECT_EQ(shipped("gsm8k/train.jsonl").size(), 7473U);
  EXPECT_EQ(shipped("disease-ontology/DO_rare_slim.obo").size(), 3281U);
}

TEST(TextSources, SayWhereADocumentStands) {
  const std::vector<Document> documents = shipped("gsm8k/train.jsonl");
  ASSERT_GT(documents.size(), 1U);
  EXPECT_EQ(documents[1].name(), "gsm8k/line-2");
  EXPECT_TRUE(documents[1].place.text().ends_with("gsm8k/train.jsonl:2"));
  EXPECT_TRUE(documents[1].text.starts_with("Weng earns $12"));
  EXPECT_TRUE(documents[1].text.ends_with("#### 10"));
}

TEST(TextSources, GiveHealthBenchForComparingOnly) {
  const std::string path = NELUMBO_SOURCE_DIR "/data/healthbench/calibration.jsonl";
  const auto trained = read_documents(path);
  ASSERT_FALSE(trained.ok());
  EXPECT_NE(trained.error().message.find("for evaluation only"), std::string::npos);
  const auto compared = read_reference_texts(path);
  ASSERT_TRUE(compared.ok()) << compared.error().message;
  EXPECT_EQ(compared.value().size(), 180U);
}

TEST(TextSources, CompareWithTheQuestionAndTrainOnTheRationale) {
  const std::string path = NELUMBO_SOURCE_DIR "/data/medmcqa/dev.jsonl";
  const auto compared = read_reference_texts(path);
  ASSERT_TRUE(compared.ok());
  EXPECT_EQ(compared.value().size(), 2078U);
  EXPECT_TRUE(compared.value()[1].text.starts_with("Axonal transport is:\nAntegrade"));
  EXPECT_TRUE(shipped("medmcqa/dev.jsonl")[0].text.starts_with("Fast anterograde"));
}

/// What reading a file with these bytes says; "" when it is content.
std::string complaint(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.jsonl";
  std::ofstream(path, std::ios::binary) << bytes;
  const auto documents = read_documents(path);
  if (documents)
    return "";
  EXPECT_EQ(documents.error().code, Errc::kBadData);
  EXPECT_TRUE(documents.error().message.starts_with(path)) << documents.error().message;
  return documents.error().message.substr(path.size());
}

TEST(TextSources, NameFileLineAndFix) {
  const std::string good = R"({"id":"a","text":"one"})"
                           "\n";
  EXPECT_EQ(complaint(good), "");
  EXPECT_TRUE(complaint(good + good).starts_with(":2: id 'a' stands also in line 1; "));
  EXPECT_TRUE(complaint(good + R"({"id":"b","text":" "})").starts_with(":2: 'text' is empty; "));
  EXPECT_TRUE(complaint(good + R"({"id":"b"})").starts_with(":2: no field 'text'; "));
  EXPECT_TRUE(complaint(R"({"text":"b"})").starts_with(":1: no field 'id'; "));
  EXPECT_TRUE(complaint(good + "{\"id\":\"b\",\"text\":\"\xE2\x28\"}").starts_with(":2: byte "));
  EXPECT_TRUE(complaint(R"({"name":"b"})").starts_with(":1: unknown fields; "));
  EXPECT_TRUE(complaint("\n").starts_with(":1: holds no document; "));
}

TEST(TextSources, ReadBackWhatTheyWrote) {
  const TemporaryFolder folder;
  const std::vector<Document> documents{{"1", "gsm8k", "one \"quoted\"", {"x", 1}},
                                        {"do/2", "do", "zwei\nLines é", {"x", 2}}};
  ASSERT_TRUE(write_documents(folder / "out.jsonl", documents).ok());
  const auto read = read_documents(folder / "out.jsonl");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read.value().size(), 2U);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.value()[i].name(), documents[i].name());
    EXPECT_EQ(read.value()[i].source, documents[i].source);
    EXPECT_EQ(read.value()[i].text, documents[i].text);
  }
}

TEST(TextSources, RefuseAFileGivenTwice) {
  const std::string path = NELUMBO_SOURCE_DIR "/data/medqa/dev.jsonl";
  const auto documents = read_all_documents({path, path});
  ASSERT_FALSE(documents.ok());
  EXPECT_NE(documents.error().message.find("give each file once"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/curated_files.h"

#include <numeric>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/curated_data.h"
#include "tests/support/small_graph.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(CuratedFiles, ReadBackWhatWasWritten) {
  const TemporaryFolder folder;
  const Curated& made = shipped_curated();
  ASSERT_TRUE(write_curated(folder.path(), made).ok());
  const auto read = read_curated(folder.path());
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read.value().documents.size(), made.documents.size());
  for (size_t i = 0; i < made.documents.size(); ++i) {
    EXPECT_EQ(read.value().documents[i].text, made.documents[i].text);
    EXPECT_EQ(read.value().documents[i].name(), made.documents[i].name());
  }
  EXPECT_EQ(read.value().entities, made.entities);
  EXPECT_EQ(read.value().training, made.training);
  EXPECT_EQ(read.value().validation, made.validation);
  EXPECT_EQ(read.value().tokenizer.json(), made.tokenizer.json());
  EXPECT_EQ(read.value().nodes, made.nodes);
}

TEST(CuratedFiles, NameTheLineThatIsDamaged) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_curated(folder.path(), shipped_curated()).ok());
  const std::string line = R"({"id":"a","source":"gsm8k","text":"b","entities":[[99999999,1]]})"
                           "\n";
  ASSERT_TRUE(write_file_atomic(folder / "corpus.jsonl", line).ok());
  const auto read = read_curated(folder.path());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kBadData);
  EXPECT_NE(read.error().message.find("corpus.jsonl:1"), std::string::npos);
}

TEST(CuratedFiles, CountTheRarestEntityThatHasToBeFound) {
  const std::vector<Document> documents = {
      {"1", "a", "AAA1 lies on 1p11.", {}},
      {"2", "a", "1p11 holds BBB1; so early betosis.", {}},
      {"3", "a", "AAA1 and BBB1, early betosis.", {}},
  };
  // AAA1 2, 1p11 2, BBB1 2, early betosis 2; the start, which is shown, is named nowhere.
  EXPECT_EQ(rarest_named({small_item()}, documents), std::vector<int64_t>{2});
  MultiHopItem shown = small_item();
  shown.path[4].name = "late betosis";
  EXPECT_EQ(rarest_named({shown}, documents), std::vector<int64_t>{0});
}

TEST(CuratedFiles, GiveEachKindOfTextItsShare) {
  const std::vector<Document> documents = {
      {"1", "gsm8k", "a", {}}, {"2", "gsm8k", "b", {}}, {"3", "knowledge", "c", {}}};
  TextShares shares;
  shares.problems = 1;
  shares.knowledge = 3;
  EXPECT_EQ(share_factors(documents, shares), (std::vector<double>{0.5, 0.5, 3}));
}

}  // namespace
}  // namespace nelumbo

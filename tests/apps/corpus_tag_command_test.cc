// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tests/apps/called.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

Called tag(const TemporaryFolder& folder, const std::string& text) {
  EXPECT_TRUE(write_file_atomic(folder / "text.jsonl", text).ok());
  return call({"corpus", "tag", folder / "text.jsonl", "--data", in_repository("data"), "-o",
               folder / "tagged.jsonl", "--attachments", folder / "log.jsonl", "--json"});
}

TEST(CorpusTagCommand, CountsTheEntitiesOfATextAndSaysWhereTermsWent) {
  const TemporaryFolder folder;
  const Called called =
      tag(folder, R"({"id": "a", "text": "Rocky Mountain spotted fever, or tick typhus."})"
                  "\n");
  ASSERT_EQ(called.code, 0) << called.err;
  const auto report = nlohmann::json::parse(called.out);
  EXPECT_GE(report["tree"]["names"].get<int64_t>(), 40'000);
  EXPECT_EQ(report["tree"]["attached"], 3460);
  EXPECT_EQ(report["hits"], 2);
  EXPECT_EQ(report["entities"], 1);
  EXPECT_EQ(report["buckets"]["1"], 1);
  const auto tagged = read_file(folder / "tagged.jsonl", 10'000);
  ASSERT_TRUE(tagged.ok());
  const auto line = nlohmann::json::parse(tagged.value());
  EXPECT_EQ(line["entities"][0]["id"], "D012373");
  EXPECT_EQ(line["entities"][0]["mentions"], 2);
  EXPECT_EQ(line["weight"], 1);
  const auto log = read_file(folder / "log.jsonl", 10'000'000);
  ASSERT_TRUE(log.ok());
  EXPECT_TRUE(has(log.value(), R"("id":"DOID:0050052")"));
}

TEST(CorpusTagCommand, NamesTheLineThatItCannotRead) {
  const TemporaryFolder folder;
  const Called called = tag(folder, "{\"id\": \"a\", \"text\": \"b\"}\nrubbish\n");
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "text.jsonl:2: ")) << called.err;
  EXPECT_FALSE(read_file(folder / "tagged.jsonl", 1000).ok());
}

TEST(CorpusTagCommand, ComparesASampleWithANaiveSearch) {
  const Called called = call({"corpus", "tag", in_repository("data/pubmedqa/pqal_train.json"),
                              "--data", in_repository("data"), "--check", "3", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto check = nlohmann::json::parse(called.out)["check"];
  EXPECT_EQ(check["texts"], 3);
  EXPECT_GT(check["hits"], 10);
  EXPECT_EQ(check["different"], 0);
}

TEST(CorpusTagCommand, WritesOverNothingThatItReads) {
  const TemporaryFolder folder;
  const std::string in = folder / "text.jsonl";
  const std::string line = R"({"id": "a", "text": "tick typhus"})";
  ASSERT_TRUE(write_file_atomic(in, line).ok());
  for (const char* option : {"-o", "--attachments"}) {
    const Called called = call({"corpus", "tag", in, "--data", in_repository("data"), option, in});
    EXPECT_EQ(called.code, 2);
    EXPECT_TRUE(has(called.err, "is the same file as")) << called.err;
    EXPECT_EQ(read_file(in, 1000).value(), line);
  }
}

TEST(CorpusTagCommand, NamesATreeThatIsMissing) {
  const Called called = call({"corpus", "tag", "x.jsonl", "--data", "/nowhere"});
  EXPECT_EQ(called.code, 4);
  EXPECT_EQ(called.err, "/nowhere/mesh/terms.tsv: there is no such file; restore the file\n");
}

}  // namespace
}  // namespace nelumbo

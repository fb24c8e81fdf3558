// SPDX-License-Identifier: Apache-2.0
#include "corpus/pubmedqa.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(Pubmedqa, HasTheRecordsThatWereCounted) {
  const auto records = read_pubmedqa(NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json");
  ASSERT_TRUE(records.ok()) << records.error().message;
  std::map<std::string, int> decisions;
  for (const PubmedqaRecord& record : records.value())
    ++decisions[record.decision];
  EXPECT_EQ(decisions, (std::map<std::string, int>{{"yes", 276}, {"no", 169}, {"maybe", 55}}));
}

TEST(Pubmedqa, KeepsTheOrderOfTheFile) {
  const auto records = read_pubmedqa(NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json");
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(records.value()[0].id, "10808977");
  EXPECT_EQ(records.value()[0].place.line, 2);
  EXPECT_EQ(records.value()[0].contexts.size(), 6U);
  EXPECT_EQ(records.value()[1].id, "23831910");
}

std::string complaint(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder / "p.json";
  std::ofstream(path, std::ios::binary) << bytes;
  const auto records = read_pubmedqa(path);
  if (records)
    return "";
  EXPECT_EQ(records.error().code, Errc::kBadData);
  EXPECT_TRUE(records.error().message.starts_with(path));
  return records.error().message.substr(path.size());
}

std::string record(const std::string& contexts, const std::string& headings = "[]") {
  return "{\n\"7\": {\"QUESTION\": \"q\", \"LONG_ANSWER\": \"a\", \"final_decision\": \"yes\",\n"
         "\"MESHES\": " +
         headings + ", \"CONTEXTS\": " + contexts + "}\n}";
}

TEST(Pubmedqa, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(complaint(record("[\"c\"]")), "");
  EXPECT_TRUE(complaint(record("[]")).starts_with(":2: 'CONTEXTS' is empty; "));
  EXPECT_TRUE(complaint(record("[5]")).starts_with(":2: 'CONTEXTS' holds what is no text; "));
  EXPECT_TRUE(complaint("{\n\"7\": {}\n}").starts_with(":2: no field 'QUESTION'; "));
  EXPECT_TRUE(complaint("{\n\n\"7\": {]\n}").starts_with(":3: not JSON at byte "));
  EXPECT_TRUE(complaint("{\n\"7\": 5}").starts_with(":2: '7' is no object; "));
  EXPECT_TRUE(complaint("{\n\"\xFF\": 5}").starts_with(":2: byte 2 is not UTF-8; "));
  EXPECT_TRUE(complaint("{}").starts_with(":1: holds no record; "));
}

TEST(Pubmedqa, MayStandOnOneLineOfAnyLength) {
  std::string text = record("[\"" + std::string(3 << 20, 'c') + "\"]");
  std::erase(text, '\n');
  EXPECT_EQ(complaint(text), "");
  text.pop_back();
  EXPECT_TRUE(complaint(text).starts_with(":1: not JSON at byte "));
}

TEST(Pubmedqa, RefusesWhatHasNoName) {
  EXPECT_TRUE(complaint(record("[\" \"]")).starts_with(":2: 'CONTEXTS' holds an empty text; "));
  EXPECT_TRUE(
      complaint(record("[\"c\"]", "[\"\"]")).starts_with(":2: 'MESHES' holds an empty text; "));
  EXPECT_TRUE(complaint("{\n\"\": {}}").starts_with(":2: the id is empty; "));
}

TEST(Pubmedqa, FindsTheLineOfWhatStandsTwiceOrTooDeep) {
  EXPECT_TRUE(complaint("{\n\"7\": {},\n\"8\": {},\n\"7\": {}\n}\n")
                  .starts_with(":4: the key '7' stands twice in one object; "));
  EXPECT_TRUE(complaint("{\n\"7\": {\n\"A\": 1,\n\"A\": 2\n}\n}\n")
                  .starts_with(":4: the key 'A' stands twice in one object; "));
  EXPECT_TRUE(complaint("{\n\n\"7\": " + std::string(1000, '[') + "\n")
                  .starts_with(":3: more than 64 levels of nesting; "));
}

TEST(Pubmedqa, RefusesAFileThatNeverEnds) {
  const TemporaryFolder folder;
  const std::string path = folder / "p.json";
  std::ofstream(path) << "{";
  std::filesystem::resize_file(path, (uintmax_t{512} << 20) + 1);  // takes no room on the disk
  const auto records = read_pubmedqa(path);
  ASSERT_FALSE(records.ok());
  EXPECT_EQ(records.error().message,
            path + ":1: the file is bigger than 536870912 bytes; split it");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/preference_data.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

PreferenceExample example_of(const std::string& row) {
  auto example = read_preference_row(ordered_json::parse(row), "f.jsonl:3");
  EXPECT_TRUE(example.ok()) << example.error().message;
  return example ? std::move(example).value() : PreferenceExample{};
}

std::string complaint(const std::string& row) {
  const auto example = read_preference_row(ordered_json::parse(row), "f.jsonl:3");
  if (example)
    return "none";
  EXPECT_EQ(example.error().code, Errc::kBadData);
  EXPECT_TRUE(example.error().message.starts_with("f.jsonl:3: ")) << example.error().message;
  return example.error().message.substr(11);
}

TEST(PreferenceData, ReadsTextsAndAMargin) {
  const PreferenceExample example =
      example_of(R"({"prompt": "2 + 2?", "chosen": "4", "rejected": "5", "margin": 0.5})");
  EXPECT_EQ(example.chosen.id, "f.jsonl:3");
  EXPECT_EQ(example.chosen.question(), "2 + 2?");
  EXPECT_EQ(example.chosen.demonstration, "4");
  EXPECT_EQ(example.rejected.demonstration, "5");
  EXPECT_EQ(example.margin, 0.5);
}

TEST(PreferenceData, ReadsMessagesBeforeTheAnswers) {
  for (const char* key : {"prompt", "messages"}) {
    const PreferenceExample example =
        example_of(R"({")" + std::string(key) + R"(": [{"role": "system", "content": "s"},
            {"role": "user", "content": "a"}], "id": "r1",
            "chosen": [{"role": "assistant", "content": "b"}], "rejected": "c"})");
    EXPECT_EQ(example.chosen.id, "r1");
    EXPECT_EQ(example.chosen.messages.size(), 2U);
    EXPECT_EQ(example.chosen.demonstration, "b");
    EXPECT_EQ(example.rejected.demonstration, "c");
    EXPECT_EQ(example.margin, 0);
  }
}

TEST(PreferenceData, ReadsWholeConversationsAndNoPromptBesideThem) {
  const PreferenceExample example = example_of(
      R"({"prompt": "ignored", "chosen": [{"role": "user", "content": "a"},
          {"role": "assistant", "content": "b"}], "rejected": [{"role": "user", "content": "a"},
          {"role": "assistant", "content": "c"}]})");
  EXPECT_EQ(example.chosen.question(), "a");
  EXPECT_EQ(example.chosen.demonstration, "b");
  EXPECT_EQ(example.rejected.demonstration, "c");
}

TEST(PreferenceData, SaysWhatIsWrongWithARow) {
  EXPECT_NE(complaint(R"({"prompt": "a", "chosen": "b"})").find("has no 'rejected'"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"chosen": "b", "rejected": "c"})").find("has no prompt"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"prompt": "a", "chosen": " ", "rejected": "c"})").find("(of 'chosen')"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"prompt": "a", "chosen": "b", "rejected": "b"})").find("the same answer"),
            std::string::npos);
  EXPECT_EQ(complaint(R"({"prompt": "a", "chosen": "b", "rejected": "c", "margin": "1"})"),
            "margin: must be a number");
  EXPECT_NE(complaint(R"({"chosen": [{"role": "user", "content": "a"},
          {"role": "assistant", "content": "b"}], "rejected": [{"role": "user", "content": "x"},
          {"role": "assistant", "content": "c"}]})")
                .find("answer different conversations"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"chosen": [{"role": "user", "content": "a"},
          {"role": "assistant", "content": "b"}, {"role": "user", "content": "x"}],
          "rejected": "c", "prompt": "a"})")
                .find("chosen: must end in a message of the assistant's"),
            std::string::npos);
}

TEST(PreferenceData, NamesFileAndLineOfEachRowAtFault) {
  TemporaryFolder folder;
  const std::string path = folder / "p.jsonl";
  std::ofstream(path) << R"({"prompt": "a", "chosen": "b", "rejected": "c", "id": "x"})"
                      << "\n[]\n"
                      << R"({"prompt": "a", "chosen": "b", "rejected": "d", "id": "x"})"
                      << "\n"
                      << R"({"prompt": "a"})"
                      << "\n";
  const auto read = read_preference_file(path);
  ASSERT_FALSE(read.ok());
  for (const char* part : {"p.jsonl:2: no JSON object", "p.jsonl:3: the id 'x' stands there twice",
                           "p.jsonl:4: has no 'chosen'"})
    EXPECT_NE(read.error().message.find(part), std::string::npos) << read.error().message;
}

TEST(PreferenceData, AFileWithoutRowsIsNone) {
  TemporaryFolder folder;
  std::ofstream(folder / "p.jsonl") << "\n";
  EXPECT_NE(read_preference_file(folder / "p.jsonl").error().message.find("has no rows"),
            std::string::npos);
  EXPECT_NE(read_preference_file("x.parquet").error().message.find("parquet_to_jsonl"),
            std::string::npos);
  EXPECT_FALSE(read_preference_file(folder / "none.jsonl").ok());
}

}  // namespace
}  // namespace nelumbo

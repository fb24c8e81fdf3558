// SPDX-License-Identifier: Apache-2.0
#include "corpus/exam_items.h"

#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

std::vector<ExamItem> shipped(const std::string& file) {
  Result<std::vector<ExamItem>> items = read_exam_items(NELUMBO_SOURCE_DIR "/data/" + file);
  EXPECT_TRUE(items.ok()) << items.error().message;
  return items ? std::move(items).value() : std::vector<ExamItem>{};
}

std::map<char, int> letters(const std::vector<ExamItem>& items) {
  std::map<char, int> counts;
  for (const ExamItem& item : items)
    ++counts[item.letter()];
  return counts;
}

TEST(ExamItems, HaveTheLettersThatWereCounted) {
  EXPECT_EQ(letters(shipped("medqa/dev.jsonl")),
            (std::map<char, int>{{'A', 175}, {'B', 141}, {'C', 183}, {'D', 122}}));
  EXPECT_EQ(letters(shipped("medmcqa/dev.jsonl"))['A'], 684);
  EXPECT_EQ(shipped("mmlu_medical/dev.jsonl").size(), 550U);
}

TEST(ExamItems, TakeOptionsOutOfTheQuestion) {
  const std::vector<ExamItem> items = shipped("medmcqa/dev.jsonl");
  ASSERT_GT(items.size(), 1U);
  EXPECT_EQ(items[1].question, "Axonal transport is:");
  EXPECT_EQ(items[1].options, (std::vector<std::string>{"Antegrade", "Retrograde",
                                                        "Antegrade and retrograde", "None"}));
  EXPECT_EQ(items[1].letter(), 'C');
  EXPECT_TRUE(items[1].rationale->starts_with("Fast anterograde"));
  EXPECT_FALSE(items[0].rationale);
}

TEST(ExamItems, AllHaveFourOptionsThatSaySomething) {
  for (const char* file : {"medqa/dev.jsonl", "medmcqa/dev.jsonl", "mmlu_medical/dev.jsonl"})
    for (const ExamItem& item : shipped(file)) {
      EXPECT_EQ(item.options.size(), 4U) << item.place.text();
      for (const std::string& option : item.options)
        EXPECT_FALSE(option.empty()) << item.place.text();
    }
}

TEST(ExamItems, DropTheThirtySevenThatMmluHasTwice) {
  std::vector<ExamItem> items = shipped("mmlu_medical/dev.jsonl");
  EXPECT_EQ(drop_repeated(items), 37);
  EXPECT_EQ(items.size(), 513U);
  EXPECT_EQ(drop_repeated(items), 0);
}

TEST(ExamItems, OfPubmedqaAskForYesNoOrMaybe) {
  const auto items = read_pubmedqa_items(NELUMBO_SOURCE_DIR "/data/pubmedqa/pqal_train.json");
  ASSERT_TRUE(items.ok()) << items.error().message;
  EXPECT_EQ(letters(items.value()), (std::map<char, int>{{'A', 276}, {'B', 169}, {'C', 55}}));
}

nlohmann::json line(const std::string& question, const nlohmann::json& label) {
  return {{"id", "x"}, {"question", question}, {"label", label}};
}

TEST(ExamItems, KeepALetterThatAnOptionMentionsOutOfTurn) {
  const auto item = parse_exam_item(
      line("Q\nAnswer Choices: (A) as (C) says (B) no (C) yes", {"B"}), "s", {"f", 3});
  ASSERT_TRUE(item.ok()) << item.error().message;
  EXPECT_EQ(item.value().options, (std::vector<std::string>{"as (C) says", "no", "yes"}));
}

TEST(ExamItems, HaveOneKeyForOptionsInAnyOrder) {
  ExamItem item{.question = "Which one?", .options = {"Alpha", "Beta"}};
  ExamItem shuffled{.question = "which ONE", .options = {"beta", "alpha"}};
  EXPECT_EQ(item.key(), shuffled.key());
  shuffled.options[0] = "gamma";
  EXPECT_NE(item.key(), shuffled.key());
}

TEST(ExamItems, SayWhatIsWrong) {
  const std::string choices = "Q\nAnswer Choices: (A) one (B) two";
  const std::pair<nlohmann::json, const char*> cases[] = {
      {line("Q", {"A"}), "has no 'Answer Choices:'"},
      {line("Answer Choices: (A) one (B) two", {"A"}), "nothing stands before"},
      {line("Q\nAnswer Choices: (A) one", {"A"}), "fewer than two options"},
      {line(choices, "A"), "is not one letter"},
      {line(choices, {"A", "B"}), "is not one letter"},
      {line(choices, {"C"}), "names no option"},
      {{{"id", ""}, {"question", choices}, {"label", {"A"}}}, "'id' is empty"},
      {{{"label", {"A"}}}, "no field 'question'"},
  };
  for (const auto& [object, why] : cases) {
    const auto item = parse_exam_item(object, "s", {"f.jsonl", 3});
    ASSERT_FALSE(item.ok()) << object;
    EXPECT_EQ(item.error().code, Errc::kBadData);
    EXPECT_TRUE(item.error().message.starts_with("f.jsonl:3: ")) << item.error().message;
    EXPECT_NE(item.error().message.find(why), std::string::npos) << item.error().message;
  }
}

TEST(ExamItems, RefuseAnIdThatStandsTwice) {
  const TemporaryFolder folder;
  const std::string text = line("Q\nAnswer Choices: (A) one (B) two", {"A"}).dump() + "\n";
  std::ofstream(folder / "e.jsonl") << text << "\n" << text;
  const auto items = read_exam_items(folder / "e.jsonl");
  ASSERT_FALSE(items.ok());
  EXPECT_TRUE(
      items.error().message.starts_with(folder / "e.jsonl:3: id 'x' stands also in line 1"));
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_items.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "corpus/smear_view.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

constexpr int64_t kSize = 16;

const Dialogue& dialogue() {
  static const std::shared_ptr<const Dialogue> made = made_dialogue(4);
  return *made;
}

/// Text of the tokens whose flag is `trained`.
std::string part(const TrainingItem& item, uint8_t trained) {
  std::vector<int32_t> tokens;
  for (size_t i = 0; i < item.tokens.size(); ++i)
    if (item.trained[i] == trained)
      tokens.push_back(item.tokens[i]);
  return dialogue().text(tokens);
}

int64_t image_runs(const std::vector<int32_t>& tokens) {
  int64_t runs = 0;
  for (size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i] == dialogue().image() && (i == 0 || tokens[i - 1] != dialogue().image()))
      ++runs;
  return runs;
}

void expect_consistent(const TrainingGroup& group) {
  EXPECT_EQ(image_runs(group.prefix), std::ssize(group.pixels));
  for (const TrainingItem& item : group.items) {
    ASSERT_EQ(item.tokens.size(), item.trained.size());
    EXPECT_EQ(image_runs(item.tokens), std::ssize(item.pixels)) << item.task;
    for (const Pixels& pixels : item.pixels)
      EXPECT_EQ(pixels->values.size(), 3U * kSize * kSize);
    for (size_t i = 0; i < item.tokens.size(); ++i)
      EXPECT_FALSE(item.tokens[i] == dialogue().image() && item.trained[i] == 1);
    EXPECT_EQ(item.tokens.back(), dialogue().end_of_turn());
    EXPECT_EQ(item.trained.back(), 1);
  }
}

TEST(SmearItems, ACaptionIsThirtySixClassesAtAConstantDistance) {
  const Smear smear = mixed_smear();
  const TrainingItem item = caption_item(smear, whole_frame(smear), dialogue());
  EXPECT_EQ(part(item, 0), "Name each region.<end_of_utterance>\nAssistant:");
  const auto trained = std::count(item.trained.begin(), item.trained.end(), 1);
  EXPECT_EQ(trained, 1 + 36 + 2);  // tag, classes, tag and end
  EXPECT_EQ(item.weight, 1);
  EXPECT_TRUE(part(item, 1).starts_with("<answer> none"));
}

TEST(SmearItems, AnAnswerIsLearnedAndItsQuestionRead) {
  const Smear smear = mixed_smear();
  const TrainingItem item = answer_item(*ask_locate(smear, whole_frame(smear)), dialogue());
  EXPECT_EQ(item.task, "locate");
  EXPECT_EQ(part(item, 0), "Where is the white cell?<end_of_utterance>\nAssistant:");
  EXPECT_EQ(part(item, 1), "<answer><g6><g8><g15><g17></answer><end_of_utterance>");
}

/// A count question about the mixed smear's two platelets.
SmearQuestion two_platelets(const Smear& smear) {
  Random random(1, Purpose::kControl);
  return *ask_count(smear, whole_frame(smear), 2, random);
}

TEST(SmearItems, ACountZoomsMarksAndAnswers) {
  const Smear smear = mixed_smear();
  const SmearQuestion question = two_platelets(smear);
  const Showing shown{whole_frame(smear), kSize, 1};
  const TrainingItem item =
      count_item(question, smear, shown, dialogue(), CountDemonstration::kZoom);
  const std::string learned = part(item, 1);
  EXPECT_TRUE(learned.starts_with("<tool>zoom 0" + grid_text(*question.region) +
                                  "</tool><end_of_utterance><tool>locate 1 platelet<g"))
      << learned;
  EXPECT_TRUE(learned.ends_with("</tool><end_of_utterance><answer>2</answer><end_of_utterance>"))
      << learned;
  EXPECT_NE(part(item, 0).find("\nTool: ok<end_of_utterance>\nAssistant:"), std::string::npos);
  ASSERT_EQ(item.pixels.size(), 1U);
  const Frame zoom = *zoomed(shown.frame, box_from_grid(*question.region), 640, 480);
  EXPECT_EQ(*item.pixels[0], *view_pixels(*smear.image, zoom, kSize));
}

TEST(SmearItems, TheMarkedPlateletIsTheTopmost) {
  const Smear smear = mixed_smear();
  const SmearQuestion question = two_platelets(smear);
  const Showing shown{whole_frame(smear), kSize, 1};
  const Frame zoom = *zoomed(shown.frame, box_from_grid(*question.region), 640, 480);
  for (const CountDemonstration how : {CountDemonstration::kZoom, CountDemonstration::kRotate}) {
    const std::string learned = part(count_item(question, smear, shown, dialogue(), how), 1);
    const size_t first = learned.find("platelet<") + 8;
    const auto grid = read_grid(learned.substr(first, learned.find("</tool>", first) - first));
    ASSERT_TRUE(grid) << learned;
    const bool turned = how == CountDemonstration::kRotate;
    const Box marked = to_original(turned ? rotated(zoom, 90) : zoom, box_from_grid(*grid));
    // Upright, the upper platelet comes first; a quarter turn clockwise puts the left one on top.
    EXPECT_GT(iou(marked, smear.cells[3].box), 0.4) << learned;
  }
}

TEST(SmearItems, ARotationTurnsTheSamePicture) {
  const Smear smear = mixed_smear();
  const Showing shown{whole_frame(smear), kSize, 1};
  const TrainingItem item =
      count_item(two_platelets(smear), smear, shown, dialogue(), CountDemonstration::kRotate);
  EXPECT_NE(part(item, 1).find("<tool>rotate 1 90</tool>"), std::string::npos);
  EXPECT_NE(part(item, 1).find("<tool>locate 2 platelet<"), std::string::npos);
  ASSERT_EQ(item.pixels.size(), 2U);
  // Clockwise: the upper left pixel goes to the upper right.
  EXPECT_EQ(item.pixels[0]->values[0], item.pixels[1]->values[kSize - 1]);
}

TEST(SmearItems, AnEmptyWindowHasNothingToMark) {
  const Smear smear = mixed_smear();
  Random random(1, Purpose::kControl);
  const SmearQuestion question = *ask_count(smear, whole_frame(smear), 0, random);
  const TrainingItem item = count_item(question, smear, {whole_frame(smear), kSize, 1}, dialogue(),
                                       CountDemonstration::kZoom);
  EXPECT_EQ(part(item, 1).find("locate"), std::string::npos);
  EXPECT_TRUE(part(item, 1).ends_with("<answer>0</answer><end_of_utterance>"));
}

TEST(SmearItems, ADirectCountCallsNoTool) {
  const Smear smear = mixed_smear();
  const TrainingItem item = count_item(two_platelets(smear), smear, {whole_frame(smear), kSize, 1},
                                       dialogue(), CountDemonstration::kDirect);
  EXPECT_EQ(part(item, 1), "<answer>2</answer><end_of_utterance>");
  EXPECT_TRUE(item.pixels.empty());
}

TEST(SmearItems, AThoughtIsLearnedBeforeItsAnswer) {
  const Smear smear = mixed_smear();
  const Frame frame = whole_frame(smear);
  const TrainingItem item = thinking_item(*ask_locate(smear, frame), frame, dialogue());
  EXPECT_EQ(item.task, "locate");
  EXPECT_EQ(part(item, 0), "Where is the white cell? Think first.<end_of_utterance>\nAssistant:");
  EXPECT_EQ(part(item, 1),
            "<understand> locate white</understand>\n<recall> white<g6><g8><g15><g17></recall>\n"
            "<reason> <g6><g8><g15><g17></reason>\n<conclude> <g6><g8><g15><g17></conclude>"
            "<answer><g6><g8><g15><g17></answer><end_of_utterance>");
}

TEST(SmearItems, AReportIsOneOfTheItemsOfAPicture) {
  const Smear smear = made_smear({});
  const TrainingGroup group = validation_group(smear, ItemPlan::sft(4), dialogue(), kSize);
  EXPECT_EQ(std::count_if(group.items.begin(), group.items.end(),
                          [](const TrainingItem& item) {
                            return item.task == "report" &&
                                   part(item, 1) ==
                                       "<answer> white 0, platelet 0</answer><end_of_utterance>";
                          }),
            1);
}

TEST(SmearItems, ThoughtsGoRoundTheTasks) {
  const TrainingGroup group =
      validation_group(mixed_smear(), ItemPlan::midtrain(6), dialogue(), kSize);
  std::vector<std::string> tasks;
  for (const TrainingItem& item : group.items)
    tasks.push_back(item.task);
  EXPECT_EQ(tasks,
            (std::vector<std::string>{"caption", "locate", "type", "count", "type", "count"}));
  for (size_t i = 1; i < group.items.size(); ++i)
    EXPECT_NE(part(group.items[i], 0).find(" Think first."), std::string::npos);
  expect_consistent(group);
}

TEST(SmearItems, PlansHaveAsManyItemsAsAsked) {
  EXPECT_EQ(ItemPlan::sft(8).types, 4);
  EXPECT_EQ(ItemPlan::sft(8).counts, 1);
  EXPECT_EQ(ItemPlan::sft(3).reports, 0);
  EXPECT_EQ(ItemPlan::sft(4).reports, 1);
  EXPECT_EQ(ItemPlan::midtrain(6).thoughts, 5);
  for (int64_t items = 1; items <= 12; ++items) {
    const ItemPlan plan = ItemPlan::sft(items);
    EXPECT_EQ(plan.captions + plan.locates + plan.types + plan.counts + plan.reports, items);
  }
}

TEST(SmearItems, AGroupHasItsPlanWhateverTheSmearHolds) {
  for (const Smear& smear :
       {mixed_smear(), made_smear({}), made_smear({{Cell::Kind::kRed, {10, 10, 110, 110}}})})
    for (const ItemPlan& plan : {ItemPlan::sft(8), ItemPlan::midtrain(8)})
      for (uint64_t number = 0; number < 5; ++number) {
        const TrainingGroup group =
            training_group(smear, plan, dialogue(), kSize, Random(2, Purpose::kAugment, number));
        EXPECT_EQ(group.items.size(), 8U);
        expect_consistent(group);
      }
}

TEST(SmearItems, AGroupDependsOnItsStreamOnly) {
  const Smear smear = mixed_smear();
  const auto make = [&](uint64_t number) {
    return training_group(smear, ItemPlan::sft(6), dialogue(), kSize,
                          Random(2, Purpose::kAugment, number));
  };
  const TrainingGroup first = make(1), again = make(1), other = make(2);
  EXPECT_EQ(*first.pixels[0], *again.pixels[0]);
  EXPECT_NE(*first.pixels[0], *other.pixels[0]);
  for (size_t i = 0; i < first.items.size(); ++i)
    EXPECT_EQ(first.items[i].tokens, again.items[i].tokens);
}

TEST(SmearItems, ValidationShowsTheWholeSmearAndNeverChanges) {
  const Smear smear = mixed_smear();
  const TrainingGroup group = validation_group(smear, ItemPlan::sft(8), dialogue(), kSize);
  EXPECT_EQ(*group.pixels[0], *view_pixels(*smear.image, whole_frame(smear), kSize));
  expect_consistent(group);
  const TrainingGroup again = validation_group(smear, ItemPlan::sft(8), dialogue(), kSize);
  for (size_t i = 0; i < group.items.size(); ++i)
    EXPECT_EQ(group.items[i].tokens, again.items[i].tokens);
}

TEST(SmearItems, TypesGoRoundTheKinds) {
  const Smear smear = mixed_smear();
  std::map<std::string, int> answers;
  for (uint64_t number = 0; number < 60; ++number)
    for (const TrainingItem& item : training_group(smear, {0, 1, 4, 0}, dialogue(), kSize,
                                                   Random(9, Purpose::kAugment, number))
                                        .items)
      if (item.task == "type")
        ++answers[part(item, 1)];
  EXPECT_NEAR(answers["<answer> white</answer><end_of_utterance>"], 60, 30);
  EXPECT_NEAR(answers["<answer> red</answer><end_of_utterance>"], 60, 30);
  EXPECT_NEAR(answers["<answer> platelet</answer><end_of_utterance>"], 120, 40);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_questions.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "corpus/smear_view.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

Random stream(uint64_t number = 0) {
  return {1, Purpose::kControl, number};
}

TEST(SmearQuestions, LocateTakesTheLargestAndNamesAll) {
  const Smear smear = made_smear({{Cell::Kind::kWhite, {300, 300, 400, 400}},
                                  {Cell::Kind::kRed, {0, 0, 100, 100}},
                                  {Cell::Kind::kWhite, {60, 60, 260, 260}}});
  const auto question = ask_locate(smear, whole_frame(smear));
  ASSERT_TRUE(question);
  EXPECT_EQ(question->truth["boxes"].size(), 2U);
  EXPECT_EQ(question->truth["boxes"][1], (nlohmann::json{60, 60, 260, 260}));
  EXPECT_EQ(question->truth["label"], "white");
  const Box answer = to_original(whole_frame(smear), box_from_grid(*read_grid(question->answer)));
  EXPECT_GT(iou(answer, {60, 60, 260, 260}), 0.75);
}

TEST(SmearQuestions, LocateCutsTheTruthToTheView) {
  const Smear smear = made_smear({{Cell::Kind::kWhite, {60, 60, 260, 260}}});
  const auto question = ask_locate(smear, {{100, 0, 640, 480}, {true, 0}});
  ASSERT_TRUE(question);
  EXPECT_NEAR(question->truth["boxes"][0][0].get<double>(), 100, 1e-9);
  EXPECT_NEAR(question->truth["boxes"][0][2].get<double>(), 260, 1e-9);
}

TEST(SmearQuestions, LocateNeedsAWhiteCell) {
  const Smear smear = made_smear({{Cell::Kind::kRed, {0, 0, 100, 100}}});
  EXPECT_FALSE(ask_locate(smear, whole_frame(smear)));
}

TEST(SmearQuestions, ReportsPlaceTheLargestFirst) {
  const Smear smear = made_smear({{Cell::Kind::kWhite, {300, 300, 400, 400}},
                                  {Cell::Kind::kPlatelet, {500, 100, 540, 140}},
                                  {Cell::Kind::kWhite, {60, 60, 260, 260}}});
  const SmearQuestion question = ask_report(smear, whole_frame(smear));
  EXPECT_EQ(question.answer, " white 2<g6><g8><g15><g17><g13><g17><g11><g13>, platelet 1");
  EXPECT_EQ(question.truth["white"], (nlohmann::json{{300, 300, 400, 400}, {60, 60, 260, 260}}));
  EXPECT_EQ(question.truth["platelets"], 1);
}

TEST(SmearQuestions, ReportsAreBounded) {
  std::vector<Cell> cells;
  for (int i = 0; i < 5; ++i) {
    cells.push_back({Cell::Kind::kWhite, {100.0 * i, 0, 100.0 * i + 80, 80}});
    cells.push_back({Cell::Kind::kPlatelet, {100.0 * i, 200, 100.0 * i + 30, 230}});
  }
  const Smear smear = made_smear(cells);
  const SmearQuestion question = ask_report(smear, whole_frame(smear));
  EXPECT_EQ(question.truth["white"].size(), 5U);
  EXPECT_EQ(question.truth["platelets"], kMostCounted);
  EXPECT_TRUE(question.answer.starts_with(" white 3<g"));
  EXPECT_LT(made_dialogue()->words(question.answer).size(), 30U);
}

TEST(SmearQuestions, ReportsLookAtTheViewAlone) {
  const Smear smear = mixed_smear();
  const SmearQuestion question = ask_report(smear, {{300, 0, 640, 480}, {}});
  EXPECT_EQ(question.answer, " white 0, platelet 2");
  EXPECT_TRUE(question.truth["white"].empty());
  EXPECT_EQ(ask_report(smear, {{160, 0, 640, 480}, {}}).truth["white"][0],
            (nlohmann::json{160, 60, 260, 260}));
}

TEST(SmearQuestions, TypeBoxesDifferInPlaceOnly) {
  const Smear smear = mixed_smear();
  Random random = stream();
  std::string sizes;
  for (const Cell::Kind kind : {Cell::Kind::kRed, Cell::Kind::kWhite, Cell::Kind::kPlatelet}) {
    const auto question = ask_type(smear, whole_frame(smear), kind, random);
    ASSERT_TRUE(question);
    EXPECT_EQ(question->truth["answer"], class_name(class_of(kind)));
    EXPECT_EQ(" " + question->truth["answer"].get<std::string>(), question->answer);
    const std::string tokens = question->text.substr(question->text.find('<'));
    const size_t third = tokens.find('<', tokens.find('<', 1) + 1);
    sizes = sizes.empty() ? tokens.substr(third) : sizes;
    EXPECT_EQ(tokens.substr(third), sizes);
  }
}

TEST(SmearQuestions, TypeIsNotAskedWhereAnotherCellIsNearer) {
  const Smear smear = made_smear(
      {{Cell::Kind::kPlatelet, {100, 100, 140, 140}}, {Cell::Kind::kRed, {70, 70, 170, 170}}});
  Random random = stream();
  EXPECT_FALSE(ask_type(smear, whole_frame(smear), Cell::Kind::kPlatelet, random));
  EXPECT_FALSE(ask_type(smear, whole_frame(smear), Cell::Kind::kWhite, random));
}

TEST(SmearQuestions, CountsAreRightAndWindowsCutNoPlatelet) {
  const Smear smear = mixed_smear();
  Random random = stream();
  Random views(4, Purpose::kAugment);
  std::array<int, 4> seen{};
  for (int round = 0; round < 300; ++round) {
    const Frame frame = round % 2 == 0 ? whole_frame(smear) : random_frame(smear, views);
    const auto question = ask_count(smear, frame, round % 3, random);
    if (!question)
      continue;
    const Box region = to_original(frame, box_from_grid(*question->region));
    int inside = 0;
    for (const Cell& cell : smear.cells) {
      if (cell.kind != Cell::Kind::kPlatelet)
        continue;
      const double share = intersection(cell.box, region).area() / cell.box.area();
      EXPECT_TRUE(share < 0.2 || share > 0.8) << share;
      inside += share > 0.8 ? 1 : 0;
    }
    EXPECT_EQ(question->answer, std::to_string(inside));
    EXPECT_EQ(question->truth["answer"], question->answer);
    EXPECT_EQ(std::ssize(question->truth["boxes"]), inside);
    EXPECT_EQ(std::ssize(question->platelets), inside);
    EXPECT_NEAR(question->truth["region"][0].get<double>(), region.x0, 1e-9);
    EXPECT_LE(region.width(), frame.region.width() * 0.55);
    EXPECT_LE(region.height(), frame.region.height() * 0.55);
    ++seen[static_cast<size_t>(inside)];
  }
  EXPECT_GT(seen[0], 50);
  EXPECT_GT(seen[1], 50);
  EXPECT_GT(seen[2], 20);
}

TEST(SmearQuestions, ThreeMeansThreeOrMore) {
  std::vector<Cell> cells;
  for (int i = 0; i < 5; ++i)
    cells.push_back({Cell::Kind::kPlatelet, {300.0 + 12 * i, 240, 310.0 + 12 * i, 250}});
  const Smear smear = made_smear(cells);
  EXPECT_EQ(platelets_of(smear), 3);
  Random random = stream();
  const auto question = ask_count(smear, whole_frame(smear), 3, random);
  ASSERT_TRUE(question);
  EXPECT_EQ(question->answer, "3");
  EXPECT_GE(question->platelets.size(), 3U);
}

TEST(SmearQuestions, SomeCountCanAlwaysBeAsked) {
  Random random = stream();
  const Smear bare = made_smear({});
  EXPECT_EQ(ask_any_count(bare, whole_frame(bare), 2, random).answer, "0");
  // A platelet as large as the picture is cut by every window.
  const Smear full = made_smear({{Cell::Kind::kPlatelet, {0, 0, 640, 480}}});
  const SmearQuestion forced = ask_any_count(full, whole_frame(full), 0, random);
  EXPECT_TRUE(forced.answer == "0" || forced.answer == "1");
}

TEST(SmearQuestions, DependOnTheStreamOnly) {
  const Smear smear = mixed_smear();
  Random first = stream(3), second = stream(3), other = stream(4);
  const std::string text = ask_any_count(smear, whole_frame(smear), 1, first).text;
  EXPECT_EQ(ask_any_count(smear, whole_frame(smear), 1, second).text, text);
  EXPECT_NE(ask_any_count(smear, whole_frame(smear), 1, other).text, text);
}

}  // namespace
}  // namespace nelumbo

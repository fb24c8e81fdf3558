// SPDX-License-Identifier: Apache-2.0
#include "corpus/report_claims.h"

#include <gtest/gtest.h>

#include "corpus/grid.h"
#include "corpus/smear_questions.h"
#include "corpus/smear_view.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

/// A view whose units are its pixels.
constexpr Frame kFrame{{0, 0, 1000, 1000}, {}};
constexpr GridBox kLeft{{5, 5, 15, 15}}, kRight{{18, 5, 15, 15}}, kBelow{{5, 18, 15, 15}};

nlohmann::json truth_of(const std::vector<GridBox>& white, int64_t platelets) {
  nlohmann::json boxes = nlohmann::json::array();
  for (const GridBox& grid : white) {
    const Box box = box_from_grid(grid);
    boxes.push_back({box.x0, box.y0, box.x1, box.y1});
  }
  return {{"white", boxes}, {"platelets", platelets}};
}

ClaimScore checked(const std::string& report, const nlohmann::json& truth) {
  const Result<ClaimScore> score = check_claims(report, truth, kFrame);
  EXPECT_TRUE(score.ok());
  return score.ok() ? score.value() : ClaimScore{};
}

TEST(ReportClaims, AFullReportScoresOne) {
  const ClaimScore score = checked(report_answer({kLeft, kRight}, 1), truth_of({kRight, kLeft}, 1));
  EXPECT_TRUE(score.parsed);
  EXPECT_EQ(score.supported, 4);
  EXPECT_EQ(score.refuted, 0);
  EXPECT_EQ(score.missed, 0);
  EXPECT_EQ(score.score(), 1);
  EXPECT_EQ(score.evidence, "white 2, 2 of 2 placed, platelets 1");
  EXPECT_EQ(checked(" white 0, platelet 0", truth_of({}, 0)).score(), 1);
}

TEST(ReportClaims, AWrongClaimSubtracts) {
  // White number and place right, platelets wrong: 2 of 3 supported, 1 refuted.
  const ClaimScore score = checked(report_answer({kLeft}, 1), truth_of({kLeft}, 0));
  EXPECT_EQ(score.supported, 2);
  EXPECT_EQ(score.refuted, 1);
  EXPECT_EQ(score.missed, 1);
  EXPECT_NEAR(score.score(), 1.0 / 3, 1e-12);
  EXPECT_EQ(score.evidence, "white 1, 1 of 1 placed, platelets 1 not 0");
}

TEST(ReportClaims, ACellThatIsLeftOutIsMissed) {
  // Right: a place, the platelets. Wrong: the number. Not said: the other place.
  const ClaimScore score = checked(report_answer({kLeft}, 0), truth_of({kLeft, kRight}, 0));
  EXPECT_EQ(score.supported, 2);
  EXPECT_EQ(score.refuted, 1);
  EXPECT_EQ(score.missed, 2);
  EXPECT_EQ(score.score(), 0.25);
  EXPECT_EQ(score.evidence, "white 1 not 2, 1 of 2 placed, platelets 0");
}

TEST(ReportClaims, OneCellSupportsOnePlace) {
  const ClaimScore score = checked(report_answer({kLeft, kLeft}, 0), truth_of({kLeft, kRight}, 0));
  EXPECT_EQ(score.supported, 3);
  EXPECT_EQ(score.refuted, 1);
}

TEST(ReportClaims, NothingIsWorthLessThanNothing) {
  EXPECT_EQ(checked(report_answer({kLeft, kRight, kBelow}, 3), truth_of({}, 0)).score(), 0);
}

TEST(ReportClaims, PlacesAreGivenSoThatMostHold) {
  // Of two cells side by side, the first claim lies between both and the second on the left one
  // alone. Giving the left cell to the first claim would leave the second without.
  const nlohmann::json truth = {{"white", {{300, 300, 500, 500}, {340, 300, 540, 500}}},
                                {"platelets", 0}};
  const GridBox between{{9, 9, 13, 13}};  // [288, 503], both overlap by more than a half
  const GridBox right{{12, 9, 13, 13}};   // [413, 628], the right cell alone
  const Box box = box_from_grid(between);
  ASSERT_GT(iou(box, {300, 300, 500, 500}), 0.5);
  ASSERT_GT(iou(box, {340, 300, 540, 500}), 0.5);
  ASSERT_LT(iou(box_from_grid(right), {300, 300, 500, 500}), 0.5);
  for (const auto& order : {std::vector<GridBox>{between, between}, {between, {{10, 9, 13, 13}}}})
    EXPECT_EQ(checked(report_answer(order, 0), truth).supported, 4);
}

TEST(ReportClaims, ThreeAndMoreAreOneNumber) {
  EXPECT_EQ(checked(" white 0, platelet 4", truth_of({}, 3)).score(), 1);
  const nlohmann::json four = truth_of({kLeft, kRight, kBelow, {{18, 18, 15, 15}}}, 0);
  EXPECT_EQ(checked(report_answer({kLeft, kRight, kBelow}, 0), four).score(), 1);
  EXPECT_EQ(checked(report_answer({kLeft, kRight, kBelow, {{18, 18, 15, 15}}}, 0), four).score(),
            1);
}

TEST(ReportClaims, WhatHasNoFormClaimsNothing) {
  const std::string box = grid_text(kLeft);
  for (const std::string& report : std::vector<std::string>{
           "", "white", "white 1" + box, "white 1" + box + ", platelet",
           "white one" + box + ", platelet 0", "white 1<g5><g5><g15>, platelet 0",
           "white 1" + box + ", platelet 0 and more", "white 1" + box + "<g5>, platelet 0",
           "white -1, platelet 0", "I see white 1" + box + ", platelet 0"}) {
    const ClaimScore score = checked(report, truth_of({kLeft}, 0));
    EXPECT_FALSE(score.parsed) << report;
    EXPECT_EQ(score.score(), 0) << report;
    EXPECT_EQ(score.missed, 3) << report;
  }
  EXPECT_TRUE(checked("white 1 " + box + " ,platelet 0 ", truth_of({kLeft}, 0)).parsed);
}

TEST(ReportClaims, AreReadAsPeopleWriteThem) {
  const std::string box = grid_text(kLeft);
  for (const std::string& report : std::vector<std::string>{
           "White 1" + box + ", Platelet 0", "white 1" + box + ", platelet 0.",
           "white 1" + box + ", platelets 0", "white: 1" + box + ", platelets: 0.",
           "WHITE 1 " + box + ", PLATELETS 0"})
    EXPECT_EQ(checked(report, truth_of({kLeft}, 0)).score(), 1) << report;
  for (const std::string& report : std::vector<std::string>{
           "whites 1" + box + ", platelet 0", "white 1" + box + ". platelet 0",
           "white 1" + box + ", platelet s 0", "white 1" + box + ", platelet 0..",
           "white 1" + box + ", platelet 0.5", "white:: 1" + box + ", platelet 0"})
    EXPECT_FALSE(checked(report, truth_of({kLeft}, 0)).parsed) << report;
}

TEST(ReportClaims, NameTheFieldThatIsMissing) {
  const auto message = [](const nlohmann::json& truth) {
    return check_claims(" white 0, platelet 0", truth, kFrame).error().message;
  };
  EXPECT_TRUE(message({{"platelets", 0}}).starts_with("truth.white:"));
  EXPECT_TRUE(message({{"white", {{1, 2, 3}}}, {"platelets", 0}}).starts_with("truth.white:"));
  EXPECT_TRUE(message({{"white", nlohmann::json::array()}}).starts_with("truth.platelets:"));
}

TEST(ReportClaims, TheDemonstratedReportHoldsInEveryView) {
  const Smear smear = mixed_smear();
  Random views(3, Purpose::kAugment);
  for (int round = 0; round < 50; ++round) {
    const Frame frame = round == 0 ? whole_frame(smear) : random_frame(smear, views);
    const SmearQuestion question = ask_report(smear, frame);
    const Result<ClaimScore> score = check_claims(question.answer, question.truth, frame);
    ASSERT_TRUE(score.ok());
    EXPECT_EQ(score.value().score(), 1) << question.answer << ": " << score.value().evidence;
  }
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/gold.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(Gold, IsTheTruth) {
  EXPECT_EQ(gold(prompt_with({{"answer", "red"}, {"choices", {"red", "white"}}}))->answer, "red");
  EXPECT_FALSE(gold(prompt_with({{"label", "x"}})).has_value());
  EXPECT_EQ(gold(prompt_with({{"answer", 2}}))->answer, "2");
  EXPECT_EQ(gold(prompt_with({{"answer", 10}}))->answer, "10");
  EXPECT_EQ(gold(prompt_with({{"answer", 0.25}}))->answer, "0.25");
  EXPECT_EQ(gold(prompt_with({{"answer", 1234567}}))->answer, "1234567");
}

TEST(Gold, OfBoxesIsTheTruthBox) {
  const Box cell{100, 100, 260, 260};
  const auto said = gold(prompt_with({{"boxes", {{100, 100, 260, 260}}}}));
  ASSERT_TRUE(said && said->answer_box);
  EXPECT_GT(iou(*said->answer_box, cell), 0.7);
  EXPECT_TRUE(said->calls.empty());
}

TEST(Gold, ShowsWhatItCounts) {
  const auto said = gold(prompt_with({{"answer", "2"},
                                      {"boxes", {{100, 100, 140, 140}, {150, 150, 190, 190}}},
                                      {"region", {80, 80, 280, 280}}}));
  ASSERT_EQ(said->calls.size(), 3u);
  EXPECT_EQ(said->calls[0].name, "zoom");
  EXPECT_EQ(said->calls[0].original_box->x0, 82);
  EXPECT_EQ(said->calls[2].original_box->x0, 150);
}

TEST(Gold, OfAPathIsTheChainAlongIt) {
  const auto said = gold(prompt_with({{"answer", "PEX2"},
                                      {"choices", {"RP1", "PEX2"}},
                                      {"path", {"CNGB3 | band | 8q21", "8q21 | band of | PEX2"}}}));
  EXPECT_EQ(said->text,
            "<understand> CNGB3: band, band of</understand>\n"
            "<recall> CNGB3 | band | 8q21\n 8q21 | band of | PEX2</recall>\n"
            "<reason> CNGB3 -> 8q21 -> PEX2</reason>\n"
            "<conclude> PEX2</conclude><answer> PEX2</answer>");
  EXPECT_EQ(said->thoughts.size(), 2u);
}

TEST(Gold, OfAReportCountsAndPlacesWhatIsThere) {
  const auto said = gold(prompt_with({{"white", {{100, 100, 260, 260}}}, {"platelets", 2}}));
  EXPECT_EQ(said->answer, "white 1<g9><g9><g16><g16>, platelet 2");
}

TEST(Gold, KeepsAllRulesThatGoTogether) {
  const auto said = [](const std::vector<std::string>& rules) {
    return gold_answer(prompt_with({{"constraints", rules}}));
  };
  EXPECT_EQ(said({"first red", "words 3", "commas"}), "red, so, so");
  EXPECT_EQ(said({"last white", "times red 2", "upper"}), "RED, RED, WHITE");
  EXPECT_EQ(said({"not blue", "lower"}), "so");
  EXPECT_EQ(said({"first red", "first blue"}), std::nullopt);
  EXPECT_EQ(said({"be brief"}), std::nullopt);
}

TEST(Gold, ThinksOnlyInFacts) {
  EXPECT_FALSE(thought_answer({"CNGB3 lies on 8q21"}, "8q21").has_value());
  EXPECT_FALSE(thought_answer({}, "8q21").has_value());
}

}  // namespace
}  // namespace nelumbo

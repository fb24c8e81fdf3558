// SPDX-License-Identifier: Apache-2.0
#include "apps/report_stages.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(ReportStages, ShowsWhatWasCurated) {
  const std::string html =
      curate_html({{"cleaning", {{"read", 12012}, {"removed", {{"length", 12}, {"markup", 0}}}}},
                   {"texts", {{"sources", {{"gsm8k", 7473}}}, {"named", {{"2-5", 1733}}}}},
                   {"coverage", {{"rarest", {{{"name", "A<b"}, {"mentions", 0}}}}}},
                   {"multihop", {{"items", 547}, {"faults", {{"leak", 2}, {"form", 1}}}}}});
  EXPECT_NE(html.find("removed: length</td><td class=\"n\">12<"), std::string::npos) << html;
  EXPECT_EQ(html.find("removed: markup"), std::string::npos) << "nothing was";
  EXPECT_NE(html.find("gsm8k"), std::string::npos);
  EXPECT_NE(html.find("entities that 2-5 texts name"), std::string::npos);
  EXPECT_NE(html.find("A&lt;b (0)"), std::string::npos) << "names are escaped";
  EXPECT_NE(html.find("faults that the audit found</td><td class=\"n\">3<"), std::string::npos);
}

TEST(ReportStages, SaysThatNothingWasCurated) {
  EXPECT_NE(curate_html({}).find("Not a stage"), std::string::npos);
}

TEST(ReportStages, ShowsTheGatesOfEachDraw) {
  const std::string html =
      gates_html({{"draws",
                   {{{"draw", 0},
                     {"gates",
                      {{{"temperature", 0.7},
                        {"task", "multihop"},
                        {"attempts", 128},
                        {"outcome_rate", 0.5},
                        {"thinking_rate", 0.25},
                        {"rejected", {{{"reason", "wrong answer"}, {"attempts", 64}}}}}}}}}}});
  EXPECT_NE(html.find("multihop"), std::string::npos) << html;
  EXPECT_NE(html.find("wrong answer 64"), std::string::npos);
  EXPECT_EQ(gates_html({}), "") << "nothing was drawn";
}

}  // namespace
}  // namespace nelumbo

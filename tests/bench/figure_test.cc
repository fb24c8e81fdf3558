// SPDX-License-Identifier: Apache-2.0
#include "bench/figure.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const Figure kFigure{.name = "decode",
                     .unit = "tokens/s",
                     .own = {"bf16", 300},
                     .anchor = {"fp32", 100},
                     .limit = {"what memory allows", 400},
                     .details = {{"batch", 8}}};

TEST(Figure, SaysItsRatiosToScripts) {
  const nlohmann::json figure = to_json(kFigure);
  EXPECT_EQ(figure["ratio"], 3);
  EXPECT_EQ(figure["limit_fraction"], 0.75);
  EXPECT_EQ(figure["batch"], 8);
  EXPECT_EQ(figure["anchor_name"], "fp32");
  EXPECT_FALSE(figure["cpu"].get<std::string>().empty());
}

TEST(Figure, SaysThemToPeopleInOneLine) {
  EXPECT_EQ(to_line(kFigure),
            "decode: 300 tokens/s (bf16), 100 (fp32): 3 times, 0.75 of what memory allows");
}

TEST(Figure, HasNoFractionOfALimitThatIsNotKnown) {
  Figure figure = kFigure;
  figure.limit = {};
  EXPECT_FALSE(to_json(figure).contains("limit_fraction"));
  EXPECT_EQ(to_line(figure), "decode: 300 tokens/s (bf16), 100 (fp32): 3 times");
}

TEST(Median, IsTheOneInTheMiddle) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 3, 1, 2}), 3);
}

TEST(MedianSeconds, CallsOnceMoreToWarmUp) {
  int calls = 0;
  EXPECT_GE(median_seconds(3, [&] { ++calls; }), 0);
  EXPECT_EQ(calls, 4);
}

TEST(ForeignUse, IsAShare) {
  const ForeignUse foreign;
  double sum = 0;
  for (int i = 0; i < 10'000'000; ++i)
    sum += i;
  EXPECT_GT(sum, 0);
  EXPECT_GE(foreign.share(), 0);
  EXPECT_LE(foreign.share(), 1);
}

}  // namespace
}  // namespace nelumbo

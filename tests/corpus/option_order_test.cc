// SPDX-License-Identifier: Apache-2.0
#include "corpus/option_order.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(OptionOrder, TheRightOneMovesAnywhereElse) {
  std::array<int, 4> places{}, first{};
  for (uint64_t number = 0; number < 600; ++number) {
    std::vector<std::string> options{"a", "b", "c", "d"};
    const int64_t place = move_options(&options, 1, Random(1, Purpose::kControl, number));
    EXPECT_EQ(options[static_cast<size_t>(place)], "b");
    ++places[static_cast<size_t>(place)];
    ++first[static_cast<size_t>(options[0][0] - 'a')];
    std::sort(options.begin(), options.end());
    EXPECT_EQ(options, (std::vector<std::string>{"a", "b", "c", "d"}));
  }
  EXPECT_EQ(places[1], 0);
  for (const size_t place : {0, 2, 3})
    EXPECT_NEAR(places[place], 200, 45);
  for (const int count : first)  // "b" a third, each other 2/9
    EXPECT_GT(count, 90);
}

TEST(OptionOrder, TwoChangePlacesAndOneStays) {
  std::vector<std::string> two{"yes", "no"}, one{"yes"};
  EXPECT_EQ(move_options(&two, 0, Random(1, Purpose::kControl)), 1);
  EXPECT_EQ(two, (std::vector<std::string>{"no", "yes"}));
  EXPECT_EQ(move_options(&one, 0, Random(1, Purpose::kControl)), 0);
  EXPECT_EQ(one, std::vector<std::string>{"yes"});
}

}  // namespace
}  // namespace nelumbo

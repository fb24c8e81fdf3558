// SPDX-License-Identifier: Apache-2.0
#include "reward/matchers.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

std::string error_of(const std::string& yaml) {
  const auto matcher = read_matcher(node_of(yaml));
  return matcher ? "" : matcher.error().message;
}

TEST(Matchers, AreNamedByTheirKey) {
  for (const char* yaml : {"{contains: [red]}", "{absent: [red], in: text}", "{matches: 'a+'}",
                           "{answers: 2}", "{longer: 20, in: text}", "{one_of: choices}",
                           "{box_inside: view}", "{box_area: [0.1, 0.5]}", "{turns: 1}",
                           "{used_tool: zoom}", "{located_hits: boxes, iou: 0.5}",
                           "{located_count: answer, at_most: 3}", "{chain: [form]}"})
    EXPECT_EQ(error_of(yaml), "") << yaml;
}

TEST(Matchers, SayWhichWordsExist) {
  EXPECT_EQ(error_of("{box_insde: picture}"),
            "s.yaml:1:1: no known matcher; one of contains, absent, matches, answers, longer, "
            "one_of, box_inside, box_area, turns, used_tool, located_hits, located_count, chain "
            "(did you mean 'box_inside'?)");
  EXPECT_EQ(error_of("{turns: 1, answers: 2}"),
            "s.yaml:1:21: answers: a second matcher beside 'turns'; write one in each mapping");
  EXPECT_EQ(error_of("red"), "s.yaml:1:1: must be a mapping");
}

TEST(Matchers, SayWhatIsWrongWithAValue) {
  EXPECT_EQ(error_of("{contains: []}"), "s.yaml:1:12: contains: must be not empty");
  EXPECT_EQ(error_of("{matches: 'a('}"),
            "s.yaml:1:11: matches: 'a(', character 2: missing closing parenthesis");
  EXPECT_EQ(error_of("{box_area: [0.5, 0.1]}"),
            "s.yaml:1:12: box_area: must be [least, largest] with 0 <= least < largest");
  EXPECT_EQ(error_of("{used_tool: zom}"),
            "s.yaml:1:13: used_tool: must be one of zoom, rotate, locate");
}

}  // namespace
}  // namespace nelumbo

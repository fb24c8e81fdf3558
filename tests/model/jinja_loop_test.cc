// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_loop.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaLoop, CountsFromBothEnds) {
  EXPECT_EQ(
      rendered("{% for i in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}"
               "{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}"),
      "1032TrueFalse3 2121FalseFalse3 3210FalseTrue3 ");
}

TEST(JinjaLoop, ShowsNeighboursCyclesAndChanges) {
  EXPECT_EQ(rendered("{% for i in [1, 1, 2] %}{{ loop.previtem }}<{{ loop.nextitem }}"
                     "{{ loop.cycle('a', 'b') }}{{ loop.changed(i) }} {% endfor %}"),
            "<1aTrue 1<2bFalse 1<aTrue ");
}

TEST(JinjaLoop, AsksItsConditionNoEarlierThanItMust) {
  const std::string loop =
      "{% set ns = namespace(on=true) %}{% for i in [1, 2, 3] if ns.on %}{{ i }}";
  EXPECT_EQ(rendered(loop + "{% set ns.on = false %}{% endfor %}"), "1");
  EXPECT_EQ(rendered(loop + "{{ loop.last }}{% set ns.on = false %}{% endfor %}"), "1False2True");
  EXPECT_EQ(rendered(loop + "{{ loop.length }}{% set ns.on = false %}{% endfor %}"), "132333");
}

TEST(JinjaLoop, HoldsNothingBehindItsEnd) {
  EXPECT_EQ(rendered("{% set ns = namespace() %}{% for i in [1] %}{{ loop.changed(loop) }}"
                     "{% set ns.l = loop %}{% endfor %}{{ ns.l.changed(ns.l) }}{{ ns.l.last }}"),
            "TrueTrueTrue");
}

TEST(JinjaLoop, CallsItselfWhereItIsRecursive) {
  EXPECT_EQ(rendered("{% for i in [[1, [2]], [3]] recursive %}({{ loop.depth }}"
                     "{% if i is iterable %}{{ loop(i) }}{% endif %}){% endfor %}"),
            "(1(2)(2(3)))(1(2))");
  EXPECT_EQ(rendered("{% for i in [1] %}{{ loop([]) }}{% endfor %}"),
            "failed: t:1:26: the loop must have the 'recursive' marker to be called recursively");
}

}  // namespace
}  // namespace nelumbo

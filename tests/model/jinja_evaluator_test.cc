// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_evaluator.h"

#include <gtest/gtest.h>

#include "tests/support/rendered.h"

namespace nelumbo {
namespace {

TEST(JinjaEvaluator, ComputesWhatItMustAndNoMore) {
  expect_printed({
      {"1 or missing.x", "1"},
      {"0 and missing.x", "0"},
      {"3 > 2 > 2 > missing.x", "False"},
      {"'a' if true else missing.x", "a"},
      {"('a' if false) is undefined", "True"},
      {"'' or 'b'", "b"},
      {"[] and 1", "[]"},
      {"not []", "True"},
      {"1 == 1 and 2", "2"},
  });
}

TEST(JinjaEvaluator, TellsKeysByValue) {
  expect_printed({
      {"{1: 'a', 1.0: 'b', true: 'c'}", "{1: 'c'}"},
      {"{'a': 1, 'a': 2}", "{'a': 2}"},
      {"{(1, 2): 3}[(1, 2)]", "3"},
      {"{range(2): 1, (0, 1): 2}", "{range(0, 2): 1, (0, 1): 2}"},
      {"{none: 1}[none]", "1"},
  });
}

TEST(JinjaEvaluator, RefusesCallsOfWhatIsNoFunction) {
  EXPECT_EQ(rendered("{{ 1() }}"), "failed: t:1:5: 'int' object is not callable");
  EXPECT_EQ(rendered("{{ nope(1) }}"), "failed: t:1:8: 'nope' is undefined");
  EXPECT_EQ(rendered("{{ {[]: 1} }}"), "failed: t:1:5: unhashable type: 'list'");
  EXPECT_EQ(rendered("{{ {[1]: 1}[0] }}"), "failed: t:1:5: unhashable type: 'list'");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_run.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Value = JinjaValue;

TEST(JinjaRun, KeepsTheFirstFailureAndItsPlace) {
  JinjaRun run((JinjaLimits()));
  run.at({3, 7});
  EXPECT_TRUE(run.fail("first").is_undefined());
  run.at({4, 1});
  run.raise("second");
  EXPECT_EQ(run.error()->message, "3:7: first");
  EXPECT_EQ(run.error()->code, Errc::kBadData);
  EXPECT_FALSE(run.spend());
  EXPECT_TRUE(run.text("a").is_undefined()) << "what has failed makes nothing";
}

TEST(JinjaRun, StopsWhenItsStepsAreSpent) {
  JinjaRun run({.steps = 10});
  EXPECT_TRUE(run.spend(10));
  EXPECT_FALSE(run.spend());
  EXPECT_EQ(run.error()->message, "1:1: the template takes more than 10 steps");
}

TEST(JinjaRun, CountsTheMemoryOfLiveValuesAlone) {
  JinjaRun run({.memory_bytes = 10'000});
  for (int i = 0; i < 100; ++i)
    run.text(std::string(5'000, 'a'));
  EXPECT_FALSE(run.failed());
  const Value held = run.text(std::string(5'000, 'a'));
  run.text(std::string(5'000, 'a'));
  EXPECT_EQ(run.error()->message, "1:1: the template's values take more than 10000 bytes");
}

TEST(JinjaRun, WritesNoTextBeyondItsMemory) {
  JinjaRun run({.memory_bytes = 100});
  JinjaWriter writer(run);
  EXPECT_TRUE(writer.add(std::string(60, 'a')));
  EXPECT_FALSE(writer.add(std::string(60, 'a')));
  EXPECT_TRUE(run.failed());
}

TEST(JinjaRun, BoundsTheNestingOfValues) {
  JinjaRun run((JinjaLimits()));
  Value value = run.list({});
  for (int i = 0; i < 200; ++i)
    value = run.list({value});
  EXPECT_EQ(run.error()->message, "1:1: a value has more than 100 levels of nesting");
}

TEST(JinjaRun, BoundsRanges) {
  JinjaRun run((JinjaLimits()));
  EXPECT_EQ(run.items(run.range(0, 100'000, 1)).size(), 100'000U);
  EXPECT_EQ(run.items(run.range(INT64_MAX - 1, INT64_MAX, 5)).size(), 1U);
  EXPECT_EQ(run.items(run.range(5, 0, -2)).size(), 3U);
  EXPECT_EQ(run.items(run.range(0, 5, -1)).size(), 0U);
  run.range(INT64_MIN, INT64_MAX, 1);
  EXPECT_EQ(run.error()->message, "1:1: a range has more than 100000 elements");
}

TEST(JinjaRun, LetsNamespacesHoldThemselves) {
  std::weak_ptr<JinjaNamespace> left;
  {
    JinjaRun run((JinjaLimits()));
    const Value space = run.make_namespace();
    left = *space.as<Value::Namespace>();
    left.lock()->attributes.emplace_back("me", space);
  }
  EXPECT_TRUE(left.expired());
}

}  // namespace
}  // namespace nelumbo

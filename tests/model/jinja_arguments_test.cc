// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_arguments.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Value = JinjaValue;

std::string refusal(const JinjaArguments& arguments) {
  JinjaRun run((JinjaLimits()));
  return JinjaBound::bind(run, "f", "a ?b", arguments) ? "bound" : run.error()->message;
}

TEST(JinjaArguments, BindByPlaceAndByName) {
  JinjaRun run((JinjaLimits()));
  const auto bound =
      JinjaBound::bind(run, "f", "a ?b ?c", {{Value::integer(1)}, {{"c", run.text("x")}}});
  ASSERT_TRUE(bound.has_value());
  EXPECT_EQ(bound->integer(run, 0, 9), 1);
  EXPECT_FALSE(bound->has(1));
  EXPECT_TRUE((*bound)[1].is_undefined());
  EXPECT_EQ(bound->integer(run, 1, 9), 9);
  EXPECT_EQ(bound->text(run, 2, ""), "x");
  EXPECT_TRUE(bound->truth(2, false));
  EXPECT_FALSE(run.failed());
}

TEST(JinjaArguments, RefuseWhatDoesNotFitTheSignature) {
  const Value one = Value::integer(1);
  EXPECT_EQ(refusal({}), "1:1: f() missing a required argument: 'a'");
  EXPECT_EQ(refusal({{one, one, one}, {}}), "1:1: f() takes 2 arguments but 3 were given");
  EXPECT_EQ(refusal({{one}, {{"a", one}}}), "1:1: f() got multiple values for argument 'a'");
  EXPECT_EQ(refusal({{one}, {{"z", one}}}), "1:1: f() got an unexpected keyword argument 'z'");
  EXPECT_EQ(refusal({{}, {{"b", one}, {"a", one}}}), "bound");
}

TEST(JinjaArguments, FailOnOtherTypes) {
  JinjaRun run((JinjaLimits()));
  const auto bound = JinjaBound::bind(run, "f", "a", {{Value::none()}, {}});
  bound->integer(run, 0, 0);
  EXPECT_EQ(run.error()->message, "1:1: f(): a 'NoneType' cannot be interpreted as an integer");
}

}  // namespace
}  // namespace nelumbo

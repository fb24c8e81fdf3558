// SPDX-License-Identifier: Apache-2.0
#include "apps/run_options.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// What the words come to; none where they are refused.
std::optional<RunOptions> read(std::vector<std::string> words, bool* json = nullptr) {
  CLI::App command;
  RunOptions options;
  bool is_json = false;
  add_run_options(command, options, is_json);
  try {
    command.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError&) {
    return std::nullopt;
  }
  if (json != nullptr)
    *json = is_json;
  return options;
}

TEST(RunOptions, WatchOverARunAndAllowFiveRestartsUnlessTold) {
  const auto plain = read({"c.yaml"});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->config, "c.yaml");
  EXPECT_EQ(plain->restarts, 5);
  EXPECT_EQ(plain->attempt, 0);
  EXPECT_EQ(read({"c.yaml", "--restarts", "0"})->restarts, 0);
  EXPECT_FALSE(read({"c.yaml", "--restarts", "-1"}));
  EXPECT_EQ(read({"c.yaml"})->hung_after, 30);
  EXPECT_EQ(read({"c.yaml", "--hung-after", "0.5"})->hung_after, 0.5);
  EXPECT_FALSE(read({"c.yaml", "--hung-after", "-1"}));
  EXPECT_FALSE(read({"c.yaml", "--restarts", "many"}));
}

TEST(RunOptions, KeepEachOverrideAndTheFirstLimitOfTime) {
  const auto options = read({"c.yaml", "--set", "a=1", "--set", "b=2", "--max-hours", "2",
                             "--attempt", "3", "--max-hours", "1"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->overrides, (std::vector<std::string>{"a=1", "b=2"}));
  EXPECT_EQ(options->max_hours, 2);
  EXPECT_EQ(options->attempt, 3);
}

TEST(RunOptions, TakeJsonForAFlagAndNothingUnknown) {
  bool json = false;
  EXPECT_TRUE(read({"c.yaml", "--json"}, &json));
  EXPECT_TRUE(json);
  EXPECT_FALSE(read({"c.yaml", "--jsno"}));
  EXPECT_FALSE(read({}));
}

}  // namespace
}  // namespace nelumbo

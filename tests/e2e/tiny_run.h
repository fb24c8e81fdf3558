// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "apps/recipe.h"

namespace nelumbo {

/// How configs/tiny.yaml is run: in a folder of the test, without progress lines.
inline RunOptions tiny_options(const std::string& root, std::vector<std::string> more = {}) {
  const std::string source = NELUMBO_SOURCE_DIR;
  RunOptions options;
  options.config = source + "/configs/tiny.yaml";
  options.overrides = {"run.root=" + root, "data.root=" + source + "/data",
                       "reward.spec=" + source + "/configs/rewards/smear.yaml"};
  options.overrides.insert(options.overrides.end(), more.begin(), more.end());
  options.quiet = true;
  options.stop = [] { return false; };
  return options;
}

inline RunResult run_quietly(const RunOptions& options) {
  return run_recipe(options, [](const std::string&) {});
}

/// The hash of the weights that a run ended with; the test fails if it did not end well.
inline std::string hash_of(const RunResult& result) {
  EXPECT_TRUE(result.end.ok()) << result.end.error().message;
  if (!result.summary.is_object())
    return "";
  return result.summary["weights_hash"].get<std::string>();
}

/// issued = committed + dropped + in flight, and nothing in flight at the end.
inline void expect_balanced(const RunResult& result) {
  const nlohmann::json& ledger = result.summary["ledger"];
  EXPECT_GT(ledger["issued"].get<int64_t>(), 0);
  EXPECT_EQ(ledger["issued"].get<int64_t>(),
            ledger["committed"].get<int64_t>() + ledger["dropped"].get<int64_t>());
  EXPECT_EQ(ledger["in_flight"], 0);
}

}  // namespace nelumbo

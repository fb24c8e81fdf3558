// SPDX-License-Identifier: Apache-2.0
#include "reward/field_list.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostBytes = 1 << 20;

TEST(FieldList, IsWhatTheDocumentationSays) {
  const std::string made = NELUMBO_BINARY_DIR "/reward-fields.md";
  ASSERT_TRUE(write_file_atomic(made, describe_reward_fields()).ok());
  const auto page = read_file(NELUMBO_SOURCE_DIR "/docs/reward-fields.md", kMostBytes);
  ASSERT_TRUE(page.ok()) << page.error().message;
  EXPECT_TRUE(page.value() == describe_reward_fields())
      << "docs/reward-fields.md is not what the readers say; renew it: cp " << made
      << " docs/reward-fields.md";
}

}  // namespace
}  // namespace nelumbo

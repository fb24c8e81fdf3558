// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <memory>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

Result<std::unique_ptr<int>> positive(int x) {
  if (x <= 0)
    return Error{Errc::kBadData, "x: must be > 0"};
  return std::make_unique<int>(x);
}

Result<void> passed_on(int x) {
  if (auto made = positive(x); !made)
    return made.error();
  return {};
}

TEST(Result, HoldsAValueOrTheReasonThereIsNone) {
  auto made = positive(3);
  ASSERT_TRUE(made.ok());
  const std::unique_ptr<int> number = std::move(made).value();
  EXPECT_EQ(*number, 3);
  auto refused = positive(-3);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kBadData);
  EXPECT_EQ(refused.error().message, "x: must be > 0");
}

TEST(Result, PassesAnErrorOn) {
  EXPECT_TRUE(passed_on(1).ok());
  auto refused = passed_on(0);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "x: must be > 0");
}

}  // namespace
}  // namespace nelumbo

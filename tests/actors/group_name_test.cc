// SPDX-License-Identifier: Apache-2.0
#include "actors/group_name.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(GroupName, SaysWhatTheIdWasMadeOf) {
  const GroupId id = group_id(70'000, 255, 65'535);
  const GroupName name = group_name(id);
  EXPECT_EQ(name.step, 70'000);
  EXPECT_EQ(name.round, 255);
  EXPECT_EQ(name.place, 65'535U);
  EXPECT_EQ(step_of(id), 70'000);
  EXPECT_NE(id, group_id(70'001, 0, 0));
}

TEST(RequestSeed, DependsOnEveryPartOfItsName) {
  const uint64_t seed = request_seed(1, Purpose::kSample, 2, 3);
  EXPECT_EQ(seed, request_seed(1, Purpose::kSample, 2, 3));
  EXPECT_NE(seed, request_seed(2, Purpose::kSample, 2, 3));
  EXPECT_NE(seed, request_seed(1, Purpose::kControl, 2, 3));
  EXPECT_NE(seed, request_seed(1, Purpose::kSample, 3, 3));
  EXPECT_NE(seed, request_seed(1, Purpose::kSample, 2, 4));
}

}  // namespace
}  // namespace nelumbo

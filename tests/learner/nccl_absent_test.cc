// SPDX-License-Identifier: Apache-2.0
// Part of builds without NCCL.
#include <gtest/gtest.h>

#include "learner/nccl_device.h"

namespace nelumbo {
namespace {

TEST(NcclAbsent, SaysHowToGetIt) {
  const auto missing = require_nccl(2);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, Errc::kEnvironment);
  for (const char* part :
       {"placement.collectives: ", "scripts/setup.sh --nccl", "-DNELUMBO_NCCL=ON", "set gloo"})
    EXPECT_NE(missing.error().message.find(part), std::string::npos) << part;
  EXPECT_EQ(nccl_device(0).error().message, missing.error().message);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "base/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace nelumbo {
namespace {

/// Gives the process its limit back.
class Descriptors : public testing::Test {
 protected:
  Descriptors() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~Descriptors() override { ::setrlimit(RLIMIT_NOFILE, &before_); }

  static rlim_t allowed() {
    rlimit now{};
    ::getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur;
  }

  rlimit before_{};
};

TEST_F(Descriptors, AreRaisedAsFarAsMayBe) {
  const rlimit low{32, before_.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  ASSERT_TRUE(claim_descriptors(64).ok());
  EXPECT_GE(allowed(), 64U);
}

TEST_F(Descriptors, SayWhatIsMissing) {
  const auto refused = claim_descriptors(100'000'000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kEnvironment);
  EXPECT_NE(refused.error().message.find("ulimit -n 100000000"), std::string::npos);
  EXPECT_NE(refused.error().message.find("may have " + std::to_string(allowed())),
            std::string::npos);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "bench/encode.h"

#include <gtest/gtest.h>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(EncodeBench, CountsBytesAndTokens) {
  const auto figure =
      measure_encode(parity_folder("smolvlm"), std::string(NELUMBO_SOURCE_DIR) + "/data", 1);
  ASSERT_TRUE(figure.ok()) << figure.error().message;
  EXPECT_GT(figure.value().own.speed, 0);
  EXPECT_GT(figure.value().details["tokens"].get<int64_t>(), 100'000);
}

TEST(EncodeBench, NamesTheFileThatIsMissing) {
  const auto figure = measure_encode("/nowhere", "data", 1);
  ASSERT_FALSE(figure.ok());
  EXPECT_NE(figure.error().message.find("/nowhere/tokenizer.json"), std::string::npos);
}

}  // namespace
}  // namespace nelumbo

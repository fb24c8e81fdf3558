// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string encoded(const std::string& text) {
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  return to_base64(bytes);
}

// The examples of RFC 4648, section 10.
TEST(Base64, GoesThereAndBack) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, code] : cases) {
    EXPECT_EQ(encoded(text), code);
    EXPECT_EQ(from_base64(code), text);
  }
  EXPECT_EQ(from_base64(encoded("\xFF\xFE?")), "\xFF\xFE?");
  EXPECT_EQ(from_base64("Zg"), "f");
}

TEST(Base64, RefusesWhatIsNoDigit) {
  EXPECT_FALSE(from_base64("Zg*=").has_value());
  EXPECT_FALSE(from_base64("Z g=").has_value());
}

}  // namespace
}  // namespace nelumbo

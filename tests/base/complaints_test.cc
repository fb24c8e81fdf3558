// SPDX-License-Identifier: Apache-2.0
#include "base/complaints.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Complaints, SayAllUnderTheCodeOfTheFirst) {
  Complaints complaints;
  EXPECT_TRUE(complaints.accept(Result<int>(3)));
  EXPECT_TRUE(complaints.empty());
  EXPECT_FALSE(complaints.accept(Result<int>(Error{Errc::kBadData, "a: is empty"})));
  complaints.add({Errc::kInvalidConfig, "b: is missing"});
  complaints.add({Errc::kInvalidConfig, "a: is empty"});
  EXPECT_EQ(complaints.error().code, Errc::kBadData);
  EXPECT_EQ(complaints.error().message, "a: is empty\nb: is missing");
}

TEST(Complaints, CountWhatIsTooMuchToRead) {
  Complaints complaints;
  for (int64_t i = 0; i < Complaints::kMost + 3; ++i)
    complaints.add({Errc::kBadData, "row " + std::to_string(i)});
  const std::string message = complaints.error().message;
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), Complaints::kMost);
  EXPECT_TRUE(message.ends_with("\nand 3 more")) << message;
}

TEST(FirstOf, SaysThatThereAreMore) {
  EXPECT_EQ(first_of({Errc::kBadData, "a\nb\nc"}, "nelumbo check").message,
            "a (the first of 3, nelumbo check says all)");
  EXPECT_EQ(first_of({Errc::kBadData, "a"}, "nelumbo check").message, "a");
}

}  // namespace
}  // namespace nelumbo

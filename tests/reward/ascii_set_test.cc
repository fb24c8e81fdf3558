// SPDX-License-Identifier: Apache-2.0
#include "reward/ascii_set.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using Samples = std::vector<std::string>;

TEST(AsciiSets, HaveTheirNames) {
  EXPECT_EQ(named_set("d").value(), set_of("0123456789"));
  EXPECT_EQ(named_set("D").value(), ~set_of("0123456789"));
  EXPECT_EQ(named_set("xdigit").value().count(), 22u);
  EXPECT_FALSE(named_set("q"));
}

TEST(AsciiSets, HaveALowestMember) {
  EXPECT_EQ(lowest(set_of("zb")), size_t{'b'});
  EXPECT_EQ(lowest({}), AsciiSet().size());
}

TEST(AsciiSets, AreSampledAtTheBeginOfEachRun) {
  EXPECT_EQ(samples_of(set_of_range('k', 'z')), Samples({"k"}));
  EXPECT_EQ(samples_of(named_set("w").value()), Samples({"a", "0", "A", "_"}));
  EXPECT_EQ(samples_of(set_of("\n")), Samples({"\n"}));
  EXPECT_TRUE(samples_of({}).empty());
}

TEST(AsciiSets, ThatShareACharacterShareASample) {
  for (char first = 'a'; first <= 'm'; ++first)
    for (char last = 'm'; last <= 'z'; ++last) {
      const Samples one = samples_of(set_of_range('a', static_cast<size_t>(last)));
      const Samples other = samples_of(set_of_range(static_cast<size_t>(first), 'z'));
      const bool share =
          std::ranges::any_of(one,
                              [&](const std::string& sample) {
                                return static_cast<unsigned char>(sample[0]) >=
                                       static_cast<unsigned char>(first);
                              }) ||
          std::ranges::any_of(other, [&](const std::string& sample) { return sample[0] <= last; });
      EXPECT_TRUE(share) << first << last;
    }
}

}  // namespace
}  // namespace nelumbo

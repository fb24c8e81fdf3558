// SPDX-License-Identifier: Apache-2.0
#include "bench/tagging.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(HashedNames, FindWhatTheMatcherFinds) {
  const std::vector<OwnedName> names{{"Fever", 1}, {"Tick Fever", 2}, {"AIDS", 3},
                                     {"Will", 4},  {"(R)-a", 5},      {"fever tick bite", 6}};
  const HashedNames hashed(names);
  const NameMatcher matcher(names);
  for (const char* text : {"tick fever tick bite", "AIDS aids will", "x(r)-a fevers FEVER", ""})
    EXPECT_EQ(hashed.find(text), matcher.find(text)) << text;
  EXPECT_EQ(hashed.find("tick fever").size(), 1U);
}

TEST(TaggingBench, NamesADataSetThatIsMissing) {
  const auto figures = measure_tagging("/nowhere", 1);
  ASSERT_FALSE(figures.ok());
  EXPECT_EQ(figures.error().code, Errc::kBadData);
}

}  // namespace
}  // namespace nelumbo

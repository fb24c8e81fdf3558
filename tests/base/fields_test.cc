// SPDX-License-Identifier: Apache-2.0
#include "base/fields.h"

#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

struct Inner {
  int64_t size = 3;

  template <class V>
  void fields(V& v) {
    v(size, "size", "How big.", Positive{});
  }
};

struct NameCollector {
  std::vector<std::string> names;

  template <class T, class Check = Any>
  void operator()(T& /*field*/, const char* name, const char* /*help*/, Check check = {}) {
    names.push_back(name + (": " + check.text()));
  }
};

TEST(Fields, AreListedOnceForEveryVisitor) {
  Inner inner;
  NameCollector collector;
  inner.fields(collector);
  EXPECT_EQ(collector.names, std::vector<std::string>{"size: > 0"});
}

TEST(Fields, TellStructsFromLeaves) {
  EXPECT_TRUE(HasFields<Inner>);
  EXPECT_FALSE(HasFields<int64_t>);
  EXPECT_FALSE(HasFields<std::string>);
}

TEST(Checks, DecideAtTheirBorders) {
  EXPECT_FALSE(Positive{}(0));
  EXPECT_TRUE(Positive{}(1e-300));
  EXPECT_TRUE(NonNegative{}(0));
  EXPECT_FALSE(NonNegative{}(-1));
  EXPECT_TRUE((Between{0, 0.5}(0.5)));
  EXPECT_FALSE((Between{0, 0.5}(0.51)));
  EXPECT_TRUE((OneOf{"a", "b"}("b")));
  EXPECT_FALSE((OneOf{"a", "b"}("")));
  EXPECT_FALSE(NotEmpty{}(std::string()));
}

TEST(Checks, CompleteTheSentence) {
  EXPECT_EQ((Between{0, 0.5}.text()), "between 0 and 0.5");
  EXPECT_EQ((Between{300, 100000}.text()), "between 300 and 100000");
  EXPECT_EQ((OneOf{"a", "b"}.text()), "one of a, b");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/clause_scope.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// Opens what is there for those that look at a clause.
class Scope : public ClauseScope {
 public:
  using ClauseScope::begins_anew;
  using ClauseScope::ClauseScope;
  using ClauseScope::end_of_part;
  using ClauseScope::is_boundary;
  using ClauseScope::says_something;
};

TEST(ClauseScope, EndsAtPunctuation) {
  const Clauses clauses = clauses_of("No rash, high fever since Monday, cough. Pain");
  const Scope scope(clauses, 3, 4);
  EXPECT_EQ(scope.end_of_part(), 6);
  EXPECT_TRUE(scope.is_boundary(2));
  EXPECT_FALSE(scope.is_boundary(3));
  EXPECT_TRUE(scope.is_boundary(7));
}

TEST(ClauseScope, TellsAListFromAStatement) {
  const auto says = [](std::string_view text, int64_t first) {
    const Clauses clauses = clauses_of(text);
    const Scope scope(clauses, first, first + 1);
    return scope.says_something(2, scope.end_of_part());
  };
  EXPECT_TRUE(says("No rash, fever is present", 2));
  EXPECT_TRUE(says("No rash, fever 39", 2));
  EXPECT_FALSE(says("No rash, fever or cough is present", 2));
  EXPECT_FALSE(says("No rash, fever", 2));
}

TEST(ClauseScope, BeginsAnewWithAVerb) {
  const Clauses clauses = clauses_of("No cough and has fever");
  EXPECT_TRUE(Scope(clauses, 4, 5).begins_anew(3));
  const Clauses list = clauses_of("No man here has fever");
  EXPECT_FALSE(Scope(list, 4, 5).begins_anew(3));
}

}  // namespace
}  // namespace nelumbo

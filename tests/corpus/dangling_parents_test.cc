// SPDX-License-Identifier: Apache-2.0
#include "corpus/dangling_parents.h"

#include <vector>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

OboTerm term(const std::string& id, std::vector<std::string> is_a, int64_t line) {
  OboTerm made;
  made.id = id;
  made.is_a = std::move(is_a);
  made.line = line;
  return made;
}

TEST(DanglingParents, AreCountedAndTheFirstIsNamed) {
  std::vector<OboTerm> terms{term("D:1", {}, 3), term("D:2", {"D:1", "D:9"}, 8),
                             term("D:3", {"D:8", "D:2"}, 12)};
  EXPECT_EQ(
      dangling_parents(terms, "x.obo"),
      "x.obo:8: D:2 is_a D:9, which is no live term of the file; of such is_a, 2 are left out");
  terms[2].obsolete = true;
  EXPECT_NE(dangling_parents(terms, "x.obo")->find("1 is left out"), std::string::npos);
}

TEST(DanglingParents, AreThoseOfObsoleteTermsToo) {
  std::vector<OboTerm> terms{term("D:1", {}, 3), term("D:2", {"D:1"}, 8)};
  EXPECT_EQ(dangling_parents(terms, "x.obo"), std::nullopt);
  terms[0].obsolete = true;
  EXPECT_TRUE(dangling_parents(terms, "x.obo").has_value());
}

}  // namespace
}  // namespace nelumbo

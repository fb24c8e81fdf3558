// SPDX-License-Identifier: Apache-2.0
#include "model/normal_form.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(NormalForm, ComposesAndDecomposes) {
  EXPECT_EQ(in_normal_form("e\u0301", NormalForm::kNfc), "é");
  EXPECT_EQ(in_normal_form("é", NormalForm::kNfd), "e\u0301");
  EXPECT_EQ(in_normal_form("\u1112\u1161\u11ab", NormalForm::kNfc), "한");
  EXPECT_EQ(in_normal_form("\u212b", NormalForm::kNfc), "Å");
}

TEST(NormalForm, UnfoldsCompatibleCharactersOnDemand) {
  EXPECT_EQ(in_normal_form("ﬁ①", NormalForm::kNfc), "ﬁ①");
  EXPECT_EQ(in_normal_form("ﬁ①Ｅ\u0301", NormalForm::kNfkc), "fi1É");
  EXPECT_EQ(in_normal_form("é½", NormalForm::kNfkd), "e\u03011\u20442");
}

TEST(NormalForm, OrdersMarksByTheirClass) {
  EXPECT_EQ(in_normal_form("q\u0307\u0323", NormalForm::kNfd), "q\u0323\u0307");
  EXPECT_EQ(in_normal_form("a\u0301\u0302", NormalForm::kNfd), "a\u0301\u0302");
}

TEST(NormalForm, EndsSoonOnManyMarks) {
  std::string above, below;
  for (int i = 0; i < 200'000; ++i) {
    above += "\u0307";
    below += "\u0323";
  }
  EXPECT_EQ(in_normal_form("q" + above + below, NormalForm::kNfd), "q" + below + above);
}

TEST(NormalForm, LowersCharactersOneByOne) {
  EXPECT_EQ(in_lower_case("ÀΣ İ漢"), "àσ i\u0307漢");
}

TEST(NormalForm, KnowsMarks) {
  EXPECT_TRUE(is_mark(U'\u0301'));
  EXPECT_FALSE(is_mark(U'e'));
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "corpus/normalisation.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Normalisation, WritesWhiteSpaceInOneWay) {
  EXPECT_EQ(normalised(" a\u00a0\u2009 b \r\n\n\n\n c\t\u2028d ").text, "a b\n\nc\nd");
}

TEST(Normalisation, DropsInvisibleAndControlCharacters) {
  const Normalised result = normalised("so\u00adme\u200bth\x01ing\ufeff");
  EXPECT_EQ(result.text, "something");
  EXPECT_EQ(result.broken, 1);
}

TEST(Normalisation, KeepsJoinersOfOtherScripts) {
  EXPECT_EQ(normalised("می\u200cخواهم").text, "می\u200cخواهم");
}

TEST(Normalisation, SpellsLigaturesOutAndComposes) {
  EXPECT_EQ(normalised("e\ufb03cient \ufb01bers, Sjo\u0308gren").text, "efficient fibers, Sjögren");
}

TEST(Normalisation, CountsWhatItCannotMend) {
  EXPECT_EQ(normalised("patient\ufffds").broken, 1);
  EXPECT_GT(normalised("patientâ€s").broken, 0);
  EXPECT_EQ(normalised("La crème brûlée, âge 7").broken, 0);
}

TEST(Normalisation, ChangesNothingTheSecondTime) {
  for (const char* text : {"&amp;lt;b&gt; x", "<\x01b>x</b>", "Ã\x01¶", " a \n\n b",
                           "&amp;amp;amp;", "SjÃƒÂ¶gren <i>s</i>"}) {
    const std::string once = normalised(text).text;
    EXPECT_EQ(normalised(once).text, once) << text;
  }
}

TEST(Normalisation, KeyIgnoresCaseAndLineBreaks) {
  EXPECT_EQ(text_key("Axonal transport\nis fast"), text_key("axonal TRANSPORT is fast"));
  EXPECT_NE(text_key("12 is"), text_key("1 2 is"));
}

}  // namespace
}  // namespace nelumbo

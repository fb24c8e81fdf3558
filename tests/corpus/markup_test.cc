// SPDX-License-Identifier: Apache-2.0
#include "corpus/markup.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Markup, TakesTagsOutAndKeepsTheText) {
  const Unmarked unmarked = without_markup("<i>H. pylori</i> lives in the <b class=\"x\">gut</b>.");
  EXPECT_EQ(unmarked.text, "H. pylori lives in the gut.");
  EXPECT_EQ(unmarked.tags, 4);
  EXPECT_EQ(unmarked.structural, 0);
}

TEST(Markup, CountsWhatPagesAreBuiltOf) {
  const Unmarked unmarked = without_markup("<div><a href='/'>Home</a></div><!-- x > y -->text");
  EXPECT_EQ(unmarked.tags, 5);
  EXPECT_EQ(unmarked.structural, 4);
  EXPECT_NE(unmarked.text.find("text"), std::string::npos);
  EXPECT_EQ(unmarked.text.find("x > y"), std::string::npos);
}

TEST(Markup, DropsWhatScriptsHold) {
  const Unmarked unmarked = without_markup("a<script>var x = '<b>';</script>b");
  EXPECT_EQ(unmarked.text.find("var"), std::string::npos);
}

TEST(Markup, LeavesSumsAndComparisonsAlone) {
  for (const char* text : {"48/2 = <<48/2=24>>24", "p<b and c>d", "a < 5 and b > 3", "<", "x <- y",
                           "AT&T; R&D", "&#xD800;", "&#99999999;", "Bal<Bla"}) {
    EXPECT_EQ(without_markup(text).text, text);
    EXPECT_EQ(without_markup(text).tags, 0);
  }
}

TEST(Markup, PutsCharactersForEntities) {
  EXPECT_EQ(without_markup("p &lt; 0.05 &amp; q &#177; 2 &#xB0;C").text, "p < 0.05 & q ± 2 °C");
}

TEST(Markup, CountsMarkersOfOtherLanguages) {
  EXPECT_EQ(without_markup("[[Heart]] {{cite}} see https://x.org").markers, 5);
}

}  // namespace
}  // namespace nelumbo

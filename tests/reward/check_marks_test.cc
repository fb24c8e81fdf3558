// SPDX-License-Identifier: Apache-2.0
#include "reward/check_marks.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(CheckMarks, AreWordsWhereTheyLead) {
  EXPECT_EQ(with_marks_as_words("[ ] fever"), " ; no  fever");
  EXPECT_EQ(with_marks_as_words("- [x] fever"), "-  ;  fever");
  EXPECT_EQ(with_marks_as_words("☐ fever ☑ cough"), " ; no  fever  ;  cough");
  EXPECT_EQ(with_marks_as_words("ROS: (-) fever"), "ROS:  ; no  fever");
  EXPECT_EQ(with_marks_as_words("ø fever"), " ; no  fever");
  EXPECT_EQ(with_marks_as_words("❌ fever\n✔\xEF\xB8\x8F cough"), " ; no  fever\n ;  cough");
}

TEST(CheckMarks, AreWordsBehindTheirItem) {
  EXPECT_EQ(with_marks_as_words("fever (-), cough (+)"), "fever: no;, cough : yes;");
  EXPECT_EQ(with_marks_as_words("fever ☐\ncough ☑"), "fever: no;\ncough: yes;");
  EXPECT_EQ(with_marks_as_words("fever: ✗"), "fever: no;");
  EXPECT_EQ(with_marks_as_words("fever: ❌, cough: ✅"), "fever: no;, cough:  yes;");
}

TEST(CheckMarks, ChooseAnAnswer) {
  EXPECT_EQ(with_marks_as_words("Fever: ☐ yes ☑ no"), "Fever:   no");
  EXPECT_EQ(with_marks_as_words("Fever [x] yes [ ] no"), "Fever   yes ");
  EXPECT_EQ(with_marks_as_words("Fever: [ ] yes, at night [x] no"), "Fever:   no ; no , at night");
  EXPECT_EQ(with_marks_as_words("[ ] no fever"), " ;  fever")
      << "it is not said that there is none";
}

TEST(CheckMarks, AreSignsWhereTheTextHasAPlus) {
  EXPECT_EQ(with_marks_as_words("+cough -fever"), "; cough ; no fever");
  EXPECT_EQ(with_marks_as_words("+ cough\n- fever"), ";  cough\n; no  fever");
  EXPECT_EQ(with_marks_as_words("- cough\n- fever"), "- cough\n- fever");
  EXPECT_EQ(with_marks_as_words("-fever, -cough"), "; no fever, ; no cough");
  EXPECT_EQ(with_marks_as_words("ROS: rash; -fever"), "ROS: rash; ; no fever");
  for (const char* bullets : {"-fever\n-cough", "-fever,\n-cough", "-fever", "- fever, - cough",
                              "fever, 39 -40 C", "fever, -39 C"})
    EXPECT_EQ(with_marks_as_words(bullets), bullets);
  EXPECT_EQ(with_marks_as_words("fever -ve, cough +ve"), "fever  negative, cough  positive");
  EXPECT_EQ(with_marks_as_words("-ve fever, +ve cough"), "; no fever, ; cough");
  EXPECT_EQ(with_marks_as_words("-ve for fever"), " negative for fever");
}

TEST(CheckMarks, EndTheirItem) {
  EXPECT_EQ(with_marks_as_words("| fever | - |"), "| fever | : no; |");
  EXPECT_EQ(with_marks_as_words("fever: −"), "fever:  no;");
  EXPECT_EQ(with_marks_as_words("fever-, rash"), "fever: no;, rash");
  EXPECT_EQ(with_marks_as_words("fever + / cough -"), "fever : yes; / cough : no;");
  EXPECT_EQ(with_marks_as_words("he has fe-\nver"), "he has fe-\nver");
}

TEST(CheckMarks, TouchTheirWordsWhereTheTextHasBoth) {
  EXPECT_EQ(with_marks_as_words("cough+ fever-"), "cough: yes; fever: no;");
  EXPECT_EQ(with_marks_as_words("Na+ and fever"), "Na+ and fever");
  EXPECT_EQ(with_marks_as_words("cough: ☑ fever: ☐"), "cough: yes; fever:  no;");
  EXPECT_EQ(with_marks_as_words("fever --"), "fever : no;");
}

TEST(CheckMarks, AreNotOtherSigns) {
  for (const char* text :
       {"", "No fever.", "Fever - none", "Fever-induced [1], f() and [ref 2]", "Sjøgren", "x fever",
        "39 - 40 degrees", "fever -39 C", "non-veg", "a--b", "He (or she) has fever."})
    EXPECT_EQ(with_marks_as_words(text), text);
}

}  // namespace
}  // namespace nelumbo

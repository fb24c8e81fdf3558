// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_words.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(SmearWords, NameEachKindOfCell) {
  EXPECT_EQ(class_word(class_of(Cell::Kind::kRed)), " red");
  EXPECT_EQ(class_word(class_of(Cell::Kind::kWhite)), " white");
  EXPECT_EQ(class_name(class_of(Cell::Kind::kPlatelet)), "platelet");
}

TEST(SmearWords, WriteCallsInGridForm) {
  const GridBox box{{1, 2, 3, 4}};
  EXPECT_EQ(zoom_call(0, box), "zoom 0<g1><g2><g3><g4>");
  EXPECT_EQ(rotate_call(1, 90), "rotate 1 90");
  EXPECT_EQ(locate_call(2, SmearClass::kPlatelet, box), "locate 2 platelet<g1><g2><g3><g4>");
}

TEST(SmearWords, WriteReports) {
  EXPECT_EQ(report_answer({}, 0), " white 0, platelet 0");
  EXPECT_EQ(report_answer({{{5, 8, 6, 6}}, {{15, 3, 7, 6}}}, 1),
            " white 2<g5><g8><g6><g6><g15><g3><g7><g6>, platelet 1");
}

TEST(SmearWords, TrainTheTokenizerOnEveryQuestion) {
  const std::vector<std::string> texts = tokenizer_texts();
  for (const std::string& question :
       {caption_question(), locate_question(), report_question(), thinking_question("")})
    EXPECT_GT(std::count(texts.begin(), texts.end(), question), 1) << question;
}

}  // namespace
}  // namespace nelumbo

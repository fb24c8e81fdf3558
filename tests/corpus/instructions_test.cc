// SPDX-License-Identifier: Apache-2.0
#include "corpus/instructions.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "corpus/constraint.h"

namespace nelumbo {
namespace {

TEST(Instructions, TheirAnswersKeepEveryRule) {
  std::map<size_t, int> sizes;
  std::map<std::string, int> kinds;
  for (const TextQuestion& question : instructions(Part::kTrain, 500, 1)) {
    EXPECT_EQ(question.task, "instruction");
    EXPECT_TRUE(question.answer.starts_with(' ')) << question.answer;
    const auto& rules = question.truth.at("constraints");
    ++sizes[rules.size()];
    for (const auto& rule : rules) {
      const auto text = rule.get<std::string>();
      ++kinds[text.substr(0, text.find(' '))];
      const Result<bool> kept = meets(text, question.answer);
      ASSERT_TRUE(kept.ok());
      EXPECT_TRUE(kept.value()) << question.text << " -> " << question.answer;
    }
  }
  ASSERT_EQ(sizes.size(), 3U);
  EXPECT_TRUE(sizes.contains(1) && sizes.contains(2) && sizes.contains(3));
  EXPECT_EQ(kinds.size(), 9U);  // every rule of corpus/constraint.h
  for (const auto& [kind, count] : kinds)
    EXPECT_GT(count, 20) << kind;
}

TEST(Instructions, AnEmptyOrConstantAnswerRarelyKeepsAll) {
  int kept = 0;
  for (const TextQuestion& question : instructions(Part::kDevelopment, 200, 1)) {
    bool all = true;
    for (const auto& rule : question.truth.at("constraints"))
      all = all && meets(rule.get<std::string>(), " red").value();
    kept += all ? 1 : 0;
  }
  EXPECT_LT(kept, 40);
}

TEST(Instructions, ThePartsShareNoText) {
  std::set<std::string> texts, ids;
  for (const Part part : {Part::kTrain, Part::kDevelopment})
    for (const uint64_t seed : {1, 2})
      for (const TextQuestion& question : instructions(part, 300, seed)) {
        EXPECT_EQ(part_of(question.text), part);
        EXPECT_TRUE(ids.insert(question.id).second) << question.id;
        texts.insert(question.text);
      }
  EXPECT_GT(texts.size(), 1000U);
}

TEST(Instructions, ALongerListBeginsLikeAShorterOne) {
  const auto few = instructions(Part::kTrain, 5, 4), more = instructions(Part::kTrain, 9, 4);
  for (size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few[i].text, more[i].text);
    EXPECT_EQ(few[i].answer, more[i].answer);
  }
  EXPECT_NE(instructions(Part::kTrain, 5, 5)[0].text, few[0].text);
}

}  // namespace
}  // namespace nelumbo

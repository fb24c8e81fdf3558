// SPDX-License-Identifier: Apache-2.0
#include "corpus/text_rules.h"

#include <functional>
#include <set>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

constexpr double kUsual = 2.8;

/// A text as most are.
TextMeasures usual() {
  TextMeasures measures;
  measures.characters = 400;
  measures.words = 60;
  measures.function_words = 0.4;
  measures.surprise = kUsual;
  return measures;
}

std::optional<Removal> verdict(const std::function<void(TextMeasures&)>& change) {
  TextMeasures measures = usual();
  change(measures);
  return broken_rule(measures, {}, kUsual);
}

TEST(TextRules, KeepAUsualText) {
  EXPECT_EQ(broken_rule(usual(), {}, kUsual), std::nullopt);
  EXPECT_EQ(broken_rule(usual(), RuleLimits().tightened(0.5), kUsual), std::nullopt);
}

TEST(TextRules, SayWhyATextLeaves) {
  using M = TextMeasures&;
  EXPECT_EQ(verdict([](M m) { m.broken = 0.01; }), Removal::kBroken);
  EXPECT_EQ(verdict([](M m) { m.markup = 0.2; }), Removal::kMarkup);
  EXPECT_EQ(verdict([](M m) { m.structural = 3; }), Removal::kMarkup);
  EXPECT_EQ(verdict([](M m) { m.furniture = 3; }), Removal::kMarkup);
  EXPECT_EQ(verdict([](M m) { m.characters = 200'000; }), Removal::kLength);
  EXPECT_EQ(verdict([](M m) { m.words = 4; }), Removal::kLength);
  EXPECT_EQ(verdict([](M m) { m.symbols = 0.04; }), Removal::kSymbols);
  EXPECT_EQ(verdict([](M m) {
              m.repeated = 0.5;
              m.longest_copy = 30;
            }),
            Removal::kRepetition);
  EXPECT_EQ(verdict([](M m) { m.repeated_lines = 0.3; }), Removal::kRepetition);
  EXPECT_EQ(verdict([](M m) { m.longest_run = 6; }), Removal::kRepetition);
  EXPECT_EQ(verdict([](M m) { m.latin = 0.5; }), Removal::kForeign);
  EXPECT_EQ(verdict([](M m) { m.odd_words = 0.3; }), Removal::kGibberish);
  EXPECT_EQ(verdict([](M m) { m.surprise = kUsual + 1.5; }), Removal::kGibberish);
}

TEST(TextRules, LetChoicesShareTheirWords) {
  const auto repeated = [](int64_t words, int64_t copy) {
    return verdict([&](TextMeasures& m) {
      m.words = words;
      m.repeated = 0.6;
      m.longest_copy = copy;
    });
  };
  EXPECT_EQ(repeated(60, 13), std::nullopt) << "four answers made of the same halves";
  EXPECT_EQ(repeated(60, 16), Removal::kRepetition);
  EXPECT_EQ(repeated(20, 10), Removal::kRepetition) << "a short text, twice";
}

TEST(TextRules, NeedTwoSignsToCallATextForeign) {
  EXPECT_EQ(verdict([](TextMeasures& m) { m.function_words = 0; }), std::nullopt);
  EXPECT_EQ(verdict([](TextMeasures& m) { m.surprise = kUsual + 1.2; }), std::nullopt);
  EXPECT_EQ(verdict([](TextMeasures& m) {
              m.function_words = 0;
              m.surprise = kUsual + 1.2;
            }),
            Removal::kForeign);
  EXPECT_EQ(verdict([](TextMeasures& m) { m.foreign_words = 0.2; }), std::nullopt);
  EXPECT_EQ(verdict([](TextMeasures& m) {
              m.foreign_words = 0.2;
              m.function_words = 0.1;
            }),
            Removal::kForeign);
}

TEST(TextRules, AreNarrowerWhenTightened) {
  const RuleLimits tight = RuleLimits().tightened(0.5);
  TextMeasures measures = usual();
  measures.repeated = 0.3;
  measures.longest_copy = 30;
  EXPECT_EQ(broken_rule(measures, {}, kUsual), std::nullopt);
  EXPECT_EQ(broken_rule(measures, tight, kUsual), Removal::kRepetition);
}

TEST(TextRules, HaveANameForEachReason) {
  std::set<std::string> names;
  for (const Removal removal : kAllRemovals)
    names.insert(removal_name(removal));
  EXPECT_EQ(names.size(), std::size(kAllRemovals));
}

}  // namespace
}  // namespace nelumbo

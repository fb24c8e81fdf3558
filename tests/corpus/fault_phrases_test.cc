// SPDX-License-Identifier: Apache-2.0
#include "corpus/fault_phrases.h"

#include <set>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(FaultPhrases, OfTheTwoSetsAreDifferent) {
  std::set<std::string> open;
  for (const std::string& line : fault_phrases::open_furniture())
    open.insert(line);
  for (const auto& language : fault_phrases::open_languages())
    open.insert(language.begin(), language.end());
  for (const std::string& line : fault_phrases::held_out_furniture())
    EXPECT_FALSE(open.contains(line)) << line;
  for (const auto& language : fault_phrases::held_out_languages())
    for (const std::string& sentence : language)
      EXPECT_FALSE(open.contains(sentence)) << sentence;
}

}  // namespace
}  // namespace nelumbo

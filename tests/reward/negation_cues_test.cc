// SPDX-License-Identifier: Apache-2.0
#include "reward/negation_cues.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace nelumbo {
namespace {

/// The words, each cue as "[..]" with the sum of its roles, what only looks like one as "(..)".
std::string marked(const std::string& text) {
  const Clauses clauses = clauses_of(text);
  std::string out;
  for (size_t i = 0; i < clauses.words.size(); ++i) {
    const auto length = static_cast<size_t>(std::max<int64_t>(1, clauses.lengths[i]));
    std::vector<std::string> words(clauses.words.begin() + static_cast<int64_t>(i),
                                   clauses.words.begin() + static_cast<int64_t>(i + length));
    const bool is_phrase = clauses.lengths[i] > 0;
    out += (out.empty() ? "" : " ") +
           (!is_phrase ? words.front()
            : clauses.roles[i] == 0
                ? "(" + joined(words, " ") + ")"
                : "[" + joined(words, " ") + "]" + std::to_string(clauses.roles[i]));
    i += length - 1;
  }
  return out;
}

TEST(NegationCues, AreTheLongestPhrases) {
  EXPECT_EQ(marked("No rash"), "[no]5 rash");
  EXPECT_EQ(marked("Not only rash"), "(not only) rash");
  EXPECT_EQ(marked("Rash was ruled out"), "rash [was ruled out]2");
  EXPECT_EQ(marked("We ruled out rash"), "we [ruled out]5 rash");
  EXPECT_EQ(marked("Rash is not excluded"), "rash (is not excluded)");
  EXPECT_EQ(marked("It is not a rash but fever"), "it [is not]3 a rash [but]8 fever");
}

TEST(NegationCues, AreReadWithShortFormsWrittenOut) {
  EXPECT_EQ(marked("It isn't seen"), "it [is not seen]2");
  EXPECT_EQ(marked("It isn\xE2\x80\x99t seen"), "it [is not seen]2");
  EXPECT_EQ(marked("it doesnt itch"), "it does [not]1 itch");
  EXPECT_EQ(marked("I cannot exclude it"), "i can (not exclude) it");
  EXPECT_EQ(marked("w/o rash (-)"), "[without]1 rash : [no]5 .");
}

TEST(NegationCues, KeepPausesHyphensAndStops) {
  const Clauses clauses = clauses_of("a, b (c) d-e. f: 1.5");
  EXPECT_EQ(joined(clauses.words, " "), "a b c d e . f : 1 5");
  EXPECT_EQ(clauses.pauses[0], ',');
  EXPECT_EQ(clauses.pauses[1], '(');
  EXPECT_EQ(clauses.pauses[2], ')');
  EXPECT_TRUE(clauses.glued[3]);
  EXPECT_FALSE(clauses.glued[4]);
  EXPECT_EQ(clauses.roles[5], kEndsClause);
  EXPECT_EQ(clauses.roles[7], kEndsClause);
}

TEST(NegationCues, AreNoneInNothing) {
  EXPECT_TRUE(clauses_of("").words.empty());
  EXPECT_EQ(marked("..."), ". . .");
}

}  // namespace
}  // namespace nelumbo

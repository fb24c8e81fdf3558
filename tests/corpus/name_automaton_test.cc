// SPDX-License-Identifier: Apache-2.0
#include "corpus/name_automaton.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace nelumbo {
namespace {

int32_t read(const NameAutomaton& automaton, std::string_view text) {
  int32_t state = NameAutomaton::kRoot;
  for (const char c : text)
    state = automaton.step(state, c);
  return state;
}

const std::vector<std::string> kNames{"(r)-a", "fever",     "spotted fever", "spotted fever group",
                                      "tick",  "tick fever"};

TEST(NameAutomaton, EndsInTheNamesThatWereRead) {
  const NameAutomaton automaton(kNames);
  for (size_t i = 0; i < kNames.size(); ++i) {
    const int32_t state = read(automaton, "x " + kNames[i]);
    ASSERT_TRUE(automaton.ends_name(state)) << kNames[i];
    EXPECT_EQ(automaton.name(state), static_cast<int32_t>(i));
    EXPECT_EQ(automaton.depth(state), std::ssize(kNames[i]));
  }
}

TEST(NameAutomaton, KnowsTheShorterNamesWithin) {
  const NameAutomaton automaton(kNames);
  const int32_t state = automaton.shorter(read(automaton, "spotted fever"));
  EXPECT_EQ(automaton.name(state), 1);
  EXPECT_EQ(automaton.shorter(state), NameAutomaton::kInWord);
}

TEST(NameAutomaton, BeginsNothingWithinAWord) {
  const NameAutomaton automaton(kNames);
  EXPECT_EQ(read(automaton, "hayfever"), NameAutomaton::kInWord);
  EXPECT_EQ(read(automaton, "hay fever"), read(automaton, "fever"));
  EXPECT_EQ(read(automaton, "hay(r)-a"), read(automaton, "(r)-a"));
  EXPECT_EQ(read(automaton, "hay "), NameAutomaton::kRoot);
}

TEST(NameAutomaton, FallsBackToWhatStillMayBecomeAName) {
  const NameAutomaton automaton(kNames);
  EXPECT_EQ(read(automaton, "spotted tick f"), read(automaton, "tick f"));
  EXPECT_EQ(read(automaton, "tick spotted fev"), read(automaton, "spotted fev"));
}

TEST(NameAutomaton, FindsNothingWithoutNames) {
  const NameAutomaton automaton({});
  EXPECT_EQ(read(automaton, "a b"), NameAutomaton::kInWord);
  EXPECT_EQ(automaton.states(), 0);
}

/// The longest suffix of the text that begins at a boundary and with which some name begins.
size_t naive_depth(const std::vector<std::string>& names, const std::string& text) {
  for (size_t begin = 0; begin < text.size(); ++begin) {
    if (begin > 0 && !is_boundary(text[begin - 1], text[begin]))
      continue;
    for (const std::string& name : names)
      if (name.starts_with(text.substr(begin)))
        return text.size() - begin;
  }
  return 0;
}

TEST(NameAutomaton, IsAlwaysInTheLongestPrefix) {
  for (uint64_t trial = 0; trial < 10; ++trial) {
    Random random(trial, Purpose::kControl);
    const auto word = [&](int64_t longest) {
      std::string letters;
      for (int64_t n = 1 + random.below(longest); n > 0; --n)
        letters += "ab -"[random.below(4)];
      return letters;
    };
    std::vector<std::string> names;
    for (int i = 0; i < 40; ++i)
      names.push_back(word(7));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    const NameAutomaton automaton(names);
    const std::string text = word(200);
    int32_t state = NameAutomaton::kRoot;
    for (size_t i = 0; i < text.size(); ++i) {
      state = automaton.step(state, text[i]);
      const auto depth = naive_depth(names, text.substr(0, i + 1));
      EXPECT_EQ(state <= NameAutomaton::kRoot ? 0 : automaton.depth(state),
                static_cast<int32_t>(depth))
          << trial << ": " << text.substr(0, i + 1);
    }
  }
}

}  // namespace
}  // namespace nelumbo

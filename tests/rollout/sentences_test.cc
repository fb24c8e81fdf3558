// SPDX-License-Identifier: Apache-2.0
#include "rollout/sentences.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace nelumbo {
namespace {

/// Bytes are its tokens, and "<end>".
const Tokenizer& bytes() {
  static const Tokenizer tokenizer = [] {
    auto made = train_tokenizer({}, {.vocab_size = 300, .special_tokens = {"<end>"}});
    NELUMBO_CHECK(made.ok()) << made.error().message;
    return std::move(made).value();
  }();
  return tokenizer;
}

struct Expected {
  std::string text;
  int64_t first, last;
};

void expect_sentences(const std::string& text, const std::vector<Expected>& expected,
                      bool end = false) {
  std::vector<int32_t> tokens = bytes().encode(text, Tokenizer::Control::kPlain);
  if (end)
    tokens.push_back(bytes().id("<end>").value());
  const std::vector<ThoughtStep> found = sentences_of(bytes(), tokens);
  ASSERT_EQ(found.size(), expected.size()) << text;
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].text, expected[i].text);
    EXPECT_EQ(found[i].first_token, expected[i].first) << text;
    EXPECT_EQ(found[i].last_token, expected[i].last) << text;
  }
}

TEST(Sentences, EndWithAMarkOrALine) {
  expect_sentences("3+4=7. So\n8", {{"3+4=7.", 0, 6}, {"So", 6, 10}, {"8", 10, 11}});
  expect_sentences("Why? Yes! No", {{"Why?", 0, 4}, {"Yes!", 4, 9}, {"No", 9, 12}});
}

TEST(Sentences, AreNotCutInNumbersOrNames) {
  expect_sentences("It costs 3.5 at e.g.this", {{"It costs 3.5 at e.g.this", 0, 24}});
}

TEST(Sentences, LeaveOutWhatHasNoText) {
  expect_sentences("", {});
  expect_sentences(" \n\n", {});
  expect_sentences("A.\n\nB.", {{"A.", 0, 2}, {"B.", 4, 6}});
  expect_sentences("A.", {{"A.", 0, 2}}, true);
}

}  // namespace
}  // namespace nelumbo

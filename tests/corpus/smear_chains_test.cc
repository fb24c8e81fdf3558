// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_chains.h"

#include <gtest/gtest.h>

#include "corpus/dialogue.h"
#include "corpus/smear_view.h"
#include "model/tokenizer.h"
#include "tests/support/smears.h"

namespace nelumbo {
namespace {

void expect_sound(const SmearQuestion& question, const Frame& frame) {
  const std::string text = smear_chain(question, frame).text();
  const auto complaints = check_chain(text, smear_evidence(question, frame),
                                      question.answer.substr(question.answer[0] == ' ' ? 1 : 0));
  EXPECT_TRUE(complaints.empty()) << text << "\n" << complaints.front().reason;
}

TEST(SmearChains, CountByBox) {
  const Smear smear = mixed_smear();
  const Frame frame = whole_frame(smear);
  Random random(1, Purpose::kControl);
  for (int wanted : {0, 1, 2}) {
    const SmearQuestion question = ask_any_count(smear, frame, wanted, random);
    const ReasoningChain chain = smear_chain(question, frame);
    EXPECT_EQ(chain.conclude, question.answer);
    EXPECT_EQ(chain.recall.size(), question.platelets.empty() ? 1U : question.platelets.size());
    expect_sound(question, frame);
  }
}

TEST(SmearChains, NameTheTypeAtTheBoxThatIsAsked) {
  const Smear smear = mixed_smear();
  const Frame frame = whole_frame(smear);
  Random random(1, Purpose::kControl);
  for (const Cell::Kind kind : {Cell::Kind::kRed, Cell::Kind::kWhite, Cell::Kind::kPlatelet}) {
    const auto question = ask_type(smear, frame, kind, random);
    ASSERT_TRUE(question);
    EXPECT_EQ(smear_chain(*question, frame).conclude, class_name(class_of(kind)));
    expect_sound(*question, frame);
  }
}

TEST(SmearChains, PutTheWhiteCellIntoABox) {
  const Smear smear = mixed_smear();
  Random views(3, Purpose::kAugment);
  int asked = 0;
  for (int round = 0; round < 30; ++round) {
    const Frame frame = round == 0 ? whole_frame(smear) : random_frame(smear, views);
    if (const auto question = ask_locate(smear, frame)) {
      expect_sound(*question, frame);
      ++asked;
    }
  }
  EXPECT_GT(asked, 5);
}

TEST(SmearChains, AreShort) {
  std::vector<Cell> cells;
  for (int i = 0; i < 5; ++i)
    cells.push_back({Cell::Kind::kPlatelet, {300.0 + 12 * i, 240, 310.0 + 12 * i, 250}});
  const Smear smear = made_smear(cells);
  const Frame frame = whole_frame(smear);
  Random random(1, Purpose::kControl);
  const auto question = ask_count(smear, frame, 3, random);
  ASSERT_TRUE(question);
  const ReasoningChain chain = smear_chain(*question, frame);
  EXPECT_EQ(chain.recall.size(), 3U);
  // Tags, grid levels and classes are one token each, whatever else is at most one for each byte.
  std::string rest = chain.text();
  int64_t tokens = 0;
  std::vector<std::string> whole = chain_tokens();
  for (int level = 0; level < kGridLevels; ++level)
    whole.push_back(grid_token(level));
  whole.insert(whole.end(), kClassWords.begin(), kClassWords.end());
  for (const std::string& token : whole)
    for (size_t at = rest.find(token); at != std::string::npos; at = rest.find(token)) {
      rest.erase(at, token.size());
      ++tokens;
    }
  EXPECT_LE(tokens + std::ssize(rest), 64) << rest;
}

}  // namespace
}  // namespace nelumbo

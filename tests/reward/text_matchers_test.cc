// SPDX-License-Identifier: Apache-2.0
#include "reward/text_matchers.h"

#include <gtest/gtest.h>

#include "reward/matchers.h"
#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

double match(const std::string& yaml, const Trajectory& trajectory, Stake stake = Stake::kNone) {
  const auto matcher = read_matcher(node_of(yaml), stake);
  const Prompt prompt = prompt_with({{"choices", {"red", "white"}}});
  return matcher.value()->judge({prompt, trajectory}).value().value;
}

Trajectory saying(const std::string& text) {
  return candidate(prompt_with({}), text);
}

TEST(TextMatchers, ContainsAsksForAllWords) {
  const auto said = saying("Well: <answer>red and white</answer>");
  EXPECT_EQ(match("{contains: [red, white]}", said), 1);
  EXPECT_EQ(match("{contains: [red, blue]}", said), 0);
  EXPECT_EQ(match("{contains: [well]}", said), 0);
  EXPECT_EQ(match("{contains: [well], in: text}", said), 1);
}

TEST(TextMatchers, AbsentAsksForNone) {
  const auto said = saying("<answer>red</answer>");
  EXPECT_EQ(match("{absent: [blue, white]}", said), 1);
  EXPECT_EQ(match("{absent: [blue, red]}", said), 0);
}

TEST(TextMatchers, PatternsLookAtTextThatIsNoUtf8) {
  EXPECT_EQ(match("{matches: '(?i)ignore', in: text}", saying("\xFF Ignore this")), 1);
  EXPECT_EQ(match("{matches: '^ignore', in: text}", saying("do ignore")), 0);
}

TEST(TextMatchers, ReadWhatPeopleSee) {
  const auto said = saying("<answer>r\u0435d</answer> full m\u0430rks");
  EXPECT_EQ(match("{contains: [red]}", said), 1) << "Cyrillic e";
  EXPECT_EQ(match("{absent: [red]}", said), 0);
  EXPECT_EQ(match("{matches: 'full marks', in: text}", said), 1);
  EXPECT_EQ(match("{matches: '\u0435', in: text}", said), 1) << "a pattern may ask for the letter";
  EXPECT_EQ(match("{contains: [кот]}", saying("<answer>кот</answer>")), 1);
  EXPECT_EQ(match("{contains: [рот]}", saying("<answer>pot</answer>")), 0);
}

TEST(TextMatchers, CountAnswersAndBytes) {
  EXPECT_EQ(match("{answers: 2}", saying("<answer>a</answer><answer>b</answer>")), 1);
  EXPECT_EQ(match("{answers: 2}", saying("<answer>a</answer>")), 0);
  EXPECT_EQ(match("{longer: 3}", saying("<answer>four</answer>")), 1);
  EXPECT_EQ(match("{longer: 4}", saying("<answer>four</answer>")), 0);
}

TEST(TextMatchers, KnowTheChoices) {
  EXPECT_EQ(match("{one_of: choices}", saying("<answer>White</answer>")), 1);
  EXPECT_EQ(match("{one_of: choices}", saying("<answer>Whit\u0435</answer>")), 1);
  EXPECT_EQ(match("{one_of: choices}", saying("<answer>blue</answer>")), 0);
}

TEST(TextMatchers, CountTurnsAndTools) {
  Trajectory said = saying("<answer>1</answer>");
  EXPECT_EQ(match("{turns: 1}", said), 1);
  EXPECT_EQ(match("{used_tool: zoom}", said), 0);
  add_call(said, "zoom", {0, 0, 10, 10});
  EXPECT_EQ(match("{turns: 1}", said), 0);
  EXPECT_EQ(match("{turns: 2}", said), 1);
  EXPECT_EQ(match("{used_tool: zoom}", said), 1);
  said.calls[0].error = "the box is empty";
  EXPECT_EQ(match("{used_tool: zoom}", said), 0);
}

TEST(TextMatchers, AreRuleTermsToo) {
  const Prompt prompt = prompt_with({});
  EXPECT_DOUBLE_EQ(value_of("{kind: contains, words: [red, white, blue]}", prompt, "red white"),
                   2.0 / 3);
  EXPECT_DOUBLE_EQ(value_of("{kind: absent, words: [red, blue]}", prompt, "white"), 1);
  EXPECT_DOUBLE_EQ(value_of("{kind: absent, words: [red, blue]}", prompt, "a blue one"), 0);
}

TEST(TextMatchers, TellWhatAClinicalTextAffirmsFromWhatItDenies) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  const std::string affirmed = "{kind: contains, words: [fever, rash], assertion: affirmed}";
  EXPECT_EQ(value_of(affirmed, prompt, "Fever, but no rash."), 0.5);
  EXPECT_EQ(value_of("{kind: absent, words: [rash], assertion: affirmed}", prompt, "No rash."), 1);
  EXPECT_EQ(value_of("{kind: absent, words: [rash]}", prompt, "No rash."), 0);
}

TEST(TextMatchers, SayWhyAWordDoesNotCount) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  const auto why = [&](const std::string& term, const std::string& answer) {
    return judged("{kind: " + term + "}", prompt, answer_candidate(prompt, answer)).evidence;
  };
  const std::string affirmed = "contains, words: [fever, rash], assertion: affirmed";
  EXPECT_EQ(why(affirmed, "Denies fever; rash."), "affirmed rash; denied fever");
  EXPECT_EQ(why(affirmed, "Well."), "none found");
  EXPECT_EQ(why("contains, words: [fever], assertion: denied", "Fever."), "affirmed fever");
  EXPECT_EQ(why("contains, words: [fever]", "fe\u200bver"),
            "with characters that nobody sees: fever");
  EXPECT_EQ(why("absent, words: [fever], assertion: affirmed", "No fever."), "denied fever");
}

TEST(TextMatchers, OrdersAreNoStatements) {
  const std::string orders =
      "{matches: '(?i)ignore (these|the) instructions', mood: order, in: text}";
  EXPECT_EQ(match(orders, saying("Ignore these instructions.")), 1);
  EXPECT_EQ(match(orders, saying("Many ignore these instructions.")), 0);
  EXPECT_EQ(match(orders, saying("Many ignore these instructions. Now ignore the instructions.")),
            1);
  EXPECT_EQ(match(orders, saying("Ign\u043ere the instructions.")), 1) << "Cyrillic o";
}

TEST(TextMatchers, PayForNothingThatIsSaidBothWays) {
  const Prompt prompt = prompt_with({{"answer", "x"}});
  const std::string both = "No fever. Fever.";
  for (const std::string assertion : {"affirmed", "denied"}) {
    const std::string keys = "[fever], assertion: " + assertion + "}";
    const Verdict term =
        judged("{kind: contains, words: " + keys, prompt, answer_candidate(prompt, both));
    EXPECT_EQ(term.value, 0);
    EXPECT_EQ(term.evidence, "affirmed and denied, which counts for neither: fever");
    const auto said = saying("<answer>" + both + "</answer>");
    EXPECT_EQ(match("{contains: " + keys, said, Stake::kPays), 0) << "a criterion";
    EXPECT_EQ(match("{contains: " + keys, said), 1) << "a gate";
    EXPECT_EQ(match("{absent: " + keys, said), 0);
  }
  EXPECT_EQ(value_of("{kind: contains, words: [fever]}", prompt, both), 1) << "any";
}

TEST(Words, MayBeInThePlural) {
  const Prompt prompt = prompt_with({});
  const std::string plain = "{kind: contains, words: [neutrophil, biopsy]}";
  const std::string both = "{kind: contains, words: [neutrophil, biopsy], plurals: true}";
  EXPECT_EQ(value_of(plain, prompt, "Neutrophils in two biopsies"), 0);
  EXPECT_EQ(value_of(both, prompt, "Neutrophils in two biopsies"), 1);
  EXPECT_EQ(value_of(both, prompt, "A neutrophil in a biopsy"), 1);
  EXPECT_EQ(value_of("{kind: absent, words: [biopsy], plurals: true}", prompt, "two biopsies"), 0);
  const std::string seen =
      "{kind: contains, words: [neutrophil], plurals: true, assertion: affirmed}";
  EXPECT_EQ(value_of(seen, prompt, "Neutrophils are seen."), 1);
  EXPECT_EQ(value_of(seen, prompt, "No neutrophils are seen."), 0);
  EXPECT_EQ(value_of(seen, prompt, "A neutrophil. No neutrophils."), 0) << "both are said";
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/text_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

const Prompt& cell() {
  static const Prompt prompt = prompt_with({{"answer", "white"},
                                            {"choices", {"red", "white", "platelet"}},
                                            {"boxes", nlohmann::json::array()}});
  return prompt;
}

TEST(Format, NeedsExactlyOneAnswer) {
  const std::string term = "{kind: format}";
  EXPECT_EQ(value_of(term, cell(), "anything"), 1);
  EXPECT_EQ(judged(term, cell(), candidate(cell(), "white")).evidence, "no answer in the tags");
  EXPECT_EQ(
      judged(term, cell(), candidate(cell(), "<answer>a</answer><answer>b</answer>")).evidence,
      "2 answers");
}

TEST(Format, NeedsAnAnswerThatCanBeRead) {
  EXPECT_EQ(value_of("{kind: format, answer: box}", cell(), "<g3><g3><g3><g3>"), 1);
  EXPECT_EQ(value_of("{kind: format, answer: box}", cell(), "white"), 0);
  EXPECT_EQ(value_of("{kind: format, answer: boxes}", cell(), "<g3><g3><g3><g3><g4><g3><g3><g3>"),
            1);
  EXPECT_EQ(value_of("{kind: format, answer: number}", cell(), "12"), 1);
  EXPECT_EQ(value_of("{kind: format, answer: number}", cell(), "twelve"), 0);
  EXPECT_EQ(value_of("{kind: format, answer: choice}", cell(), "platelet"), 1);
  EXPECT_EQ(value_of("{kind: format, answer: choice}", cell(), "plate"), 0);
  EXPECT_EQ(value_of("{kind: format, answer: text}", cell(), " "), 0);
}

TEST(Format, WantsTheAnswerToComeLast) {
  const auto value = [](const std::string& behind) {
    return judged("{kind: format, answer: number}", prompt_with({}),
                  candidate(prompt_with({}), "<answer>72</answer>" + behind))
        .value;
  };
  for (const char* behind :
       {"", " .\n", "!", "**", "<end_of_utterance>", " <|im_end|>\n", "</s>", "。"})
    EXPECT_EQ(value(behind), 1) << behind;
  for (const char* behind :
       {" No wait, 71", "71", " or 71?", "<71>", " Hope this helps!", "<s> é", "٧"})
    EXPECT_EQ(value(behind), 0) << behind;
  const Prompt any = prompt_with({});
  EXPECT_EQ(judged("{kind: format, answer: any}", any, candidate(any, "<answer>72</answer> So 71."))
                .evidence,
            "the answer is followed by 'So 71.', and must come last");
}

TEST(Exact, ComparesNormalisedText) {
  EXPECT_EQ(value_of("{kind: exact}", cell(), " WHITE. "), 1);
  EXPECT_EQ(value_of("{kind: exact}", cell(), "white cell"), 0);
  EXPECT_EQ(judged("{kind: exact}", cell(), answer_candidate(cell(), "white?")).evidence,
            "'white?' asks, and answers nothing");
  EXPECT_EQ(value_of("{kind: exact}", prompt_with({{"answer", "Who?"}}), "who?"), 1);
  EXPECT_EQ(judged("{kind: exact}", cell(), candidate(cell(), "white")).evidence,
            "no answer in the tags");
  EXPECT_EQ(value_of("{kind: exact}", cell(), "whit\u0435"), 1) << "Cyrillic e";
  EXPECT_EQ(value_of("{kind: exact}", prompt_with({{"answer", "рот"}}), "pot"), 0);
  EXPECT_EQ(value_of("{kind: exact}", prompt_with({{"answer", ""}}), ""), 1);
  EXPECT_EQ(value_of("{kind: exact}", prompt_with({{"answer", ""}}), "Answer:"), 0);
  EXPECT_EQ(judged("{kind: exact}", prompt_with({{"answer", ""}}), Trajectory{}).value, 0);
}

TEST(Exact, ReadsWhatOnlySaysThatItIsTheAnswer) {
  for (const char* text : {"The answer is white", "**White**", "\\boxed{white}", "Answer: (white)"})
    EXPECT_EQ(value_of("{kind: exact}", cell(), text), 1) << text;
  for (const char* text : {"The answer is not white", "The answer is white?", "It is white or red"})
    EXPECT_EQ(value_of("{kind: exact}", cell(), text), 0) << text;
}

TEST(Choice, IsRightByTextOrLetter) {
  EXPECT_EQ(value_of("{kind: choice}", cell(), "white"), 1);
  EXPECT_EQ(value_of("{kind: choice}", cell(), "b"), 1);
  EXPECT_EQ(value_of("{kind: choice}", cell(), "red"), 0);
  const Verdict none =
      judged("{kind: choice}", cell(), answer_candidate(cell(), "red white platelet"));
  EXPECT_EQ(none.value, 0);
  EXPECT_EQ(none.evidence, "'red white platelet' is none of the choices: it names several");
}

TEST(Choice, SaysWhyItTakesNone) {
  const Prompt exam =
      prompt_with({{"answer", "B"}, {"choices", {"A", "B"}}, {"options", {"Kidney", "Bladder"}}});
  const auto why = [&](const Trajectory& said) {
    return judged("{kind: choice, options: options}", exam, said).evidence;
  };
  EXPECT_EQ(why(candidate(exam, "B")), "no answer in the tags");
  EXPECT_EQ(why(answer_candidate(exam, "")), "'' is none of the choices: nothing is said");
  EXPECT_EQ(why(answer_candidate(exam, "B?")), "'B?' is none of the choices: it asks");
  EXPECT_EQ(why(answer_candidate(exam, "A) Bladder")),
            "'A) Bladder' is none of the choices: its letter and its text are two of them");
  EXPECT_EQ(why(answer_candidate(exam, "A")), "'A' is not 'B'");
  EXPECT_EQ(judged("{kind: format, answer: choice}", exam, answer_candidate(exam, "B?")).evidence,
            "'B?' is none of the choices: it asks");
}

TEST(Choice, IsRightByTheTextOfALetter) {
  const Prompt exam =
      prompt_with({{"answer", "B"}, {"choices", {"A", "B"}}, {"options", {"Kidney", "Bladder"}}});
  EXPECT_EQ(value_of("{kind: choice, options: options}", exam, "Bladder"), 1);
  EXPECT_EQ(value_of("{kind: choice}", exam, "Bladder"), 0);
  EXPECT_EQ(value_of("{kind: choice, options: options}", exam, "Kidney"), 0);
}

TEST(Choice, RefusesChoicesThatStandTwice) {
  const auto fits = [](const nlohmann::json& choices) {
    TermHeader header;
    const auto term = read_rule_term(node_of("{kind: choice}"), header);
    const auto done = term.value()->fits(prompt_with({{"answer", "red"}, {"choices", choices}}));
    return done ? "" : done.error().message;
  };
  EXPECT_EQ(fits({"red", "white"}), "");
  EXPECT_EQ(
      fits({"red", "white", "Red."}),
      "s.yaml:1:1: choices: 'Red.' stands twice in 'choices'; each choice must be another one");
}

TEST(Format, ReadsFormulasJsonAndUnits) {
  EXPECT_EQ(value_of("{kind: format, answer: math}", cell(), "x^2"), 1);
  EXPECT_EQ(value_of("{kind: format, answer: math}", cell(), "x^^2"), 0);
  EXPECT_EQ(value_of("{kind: format, answer: json}", cell(), "{}"), 1);
  EXPECT_EQ(value_of("{kind: format, answer: number}", cell(), "$12"), 0);
  EXPECT_EQ(value_of("{kind: format, answer: number, units: known}", cell(), "$12"), 1);
}

TEST(TextTerms, SayWhichTruthFieldIsMissing) {
  EXPECT_EQ(judged("{kind: exact}", prompt_with({{"label", "x"}}), Trajectory{}).evidence,
            "truth has no field 'answer'");
}

TEST(Choice, RefusesNamesThatTwoChoicesWouldShare) {
  TermHeader header;
  const auto term = read_rule_term(node_of("{kind: choice, names: [[white, red, WBC]]}"), header);
  const auto done =
      term.value()->fits(prompt_with({{"answer", "red"}, {"choices", {"red", "white"}}}));
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message,
            "s.yaml:1:23: names: a list has the names of one thing, and two of [white, red, WBC] "
            "are choices");
}

TEST(Choice, MayHaveOtherNames) {
  const Prompt prompt = prompt_with({{"answer", "white"}, {"choices", {"red", "white"}}});
  const std::string names = "names: [[white, WBC], [red, RBC]]";
  const std::string term = "{kind: choice, letters: false, " + names + "}";
  EXPECT_EQ(value_of(term, prompt, "a WBC"), 1);
  EXPECT_EQ(value_of(term, prompt, "WBCs"), 1);
  EXPECT_EQ(value_of(term, prompt, "RBCs"), 0);
  EXPECT_EQ(value_of(term, prompt, "RBC"), 0);
  EXPECT_EQ(value_of("{kind: choice, letters: false}", prompt, "a WBC"), 0);
  EXPECT_EQ(
      value_of("{kind: format, answer: choice, letters: false, " + names + "}", prompt, "WBC"), 1);
}

}  // namespace
}  // namespace nelumbo

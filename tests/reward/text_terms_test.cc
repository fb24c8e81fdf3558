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

TEST(Format, NeedsAnAnswerThatIsNotTakenBack) {
  const auto value = [](const std::string& term, const std::string& text) {
    return judged(term, cell(), candidate(cell(), text)).value;
  };
  for (const std::string units : {"refuse", "known", "asked"}) {
    const std::string number = "{kind: format, answer: number, units: " + units + "}";
    EXPECT_EQ(value(number, "<answer>72</answer> No wait, 71"), 0) << units;
    EXPECT_EQ(value(number, "<answer>72</answer> The answer is 71."), 0) << units;
    EXPECT_EQ(value(number, "<answer>72</answer> No wait, 72.0"), 1) << units;
    EXPECT_EQ(value(number, "<answer>72</answer> 48 + 24 = 72"), 1) << units;
  }
  const std::string choice = "{kind: format, answer: choice, letters: false}";
  EXPECT_EQ(value(choice, "<answer>white</answer> Actually, it is red."), 0);
  EXPECT_EQ(value(choice, "<answer>white</answer> It is not red."), 1);
  EXPECT_EQ(judged(choice, cell(), candidate(cell(), "<answer>white</answer> No, red")).evidence,
            "'white' is followed by another answer, 'red'");
  EXPECT_EQ(value("{kind: format}", "<answer>white</answer> No, red"), 1);
}

TEST(Format, NeedsAnAnswerThatIsTheLastOneStated) {
  struct Case {
    const Prompt* prompt;
    const char *fields, *given;
    std::vector<const char*> others, explanations;
  };
  Prompt sold = prompt_with({});
  sold.text = "How many clips did she sell in April and May?";
  const Prompt exam = prompt_with(
      {{"choices", {"A", "B", "C", "D"}}, {"options", {"Kidney", "Bladder", "Liver", "Lung"}}});
  const Prompt study = prompt_with({{"choices", {"yes", "no", "maybe"}}});
  const std::vector<Case> all = {
      {&sold,
       "number, units: asked",
       "72",
       {"71", "71 clips", "**Final answer: 71**", "\\boxed{71}", "So she sold half, thus 71."},
       {"since 48 + 24 = 72", "24 clips in May.", "She sold 24 clips in May.", "So 72 clips.",
        "1. 48 in April.\n2. 24 in May.", "72 clips", "Half of 48, so 24. So she sold 72 clips."}},
      {&exam,
       "choice, options: options",
       "B",
       {"A", "(A)", "A.", "So, A.", "A is correct.", "Option A is correct.", "Option A", "Kidney",
        "A. Kidney", "Therefore, **A**", "\\boxed{A}", "It makes urine, so A.", "The kidney."},
       {"A is wrong because it makes urine.", "Option A would need a ureter.", "B", "B. Bladder",
        "A. Kidney: it makes urine.\nC. Liver. It makes bile.", "A is not correct.", "So, B.",
        "A) Kidney\nB) Bladder\nC) Liver\nD) Lung\nThe bladder stores it, so B.", "Not A.",
        "It is a sac.\nNot these:\nKidney\nLiver"}},
      {&study,
       "choice, letters: false",
       "yes",
       {"no", "No.", "So, no.", "Therefore no", "Maybe.", "\\boxed{no}", "No is correct.",
        "**Final answer: no**"},
       {"Yes.", "There was no harm.", "No harm was seen.", "Did it harm them? No.", "So yes."}},
      {&cell(),
       "choice, letters: false, names: [[white, WBC], [red, RBC]]",
       "white",
       {"red", "Red.", "So, red.", "A platelet.", "RBC is correct.", "\\boxed{red}"},
       {"Red cells are smaller.", "Its nucleus is red.", "WBC", "So, white.", "It is not red."}}};
  for (const Case& one : all) {
    const auto value = [&one](const std::string& behind) {
      const std::string text = "<answer>" + std::string(one.given) + "</answer> " + behind;
      return judged("{kind: format, answer: " + std::string(one.fields) + "}", *one.prompt,
                    candidate(*one.prompt, text))
          .value;
    };
    for (const char* behind : one.others)
      EXPECT_EQ(value(behind), 0) << one.given << ": " << behind;
    for (const char* behind : one.explanations)
      EXPECT_EQ(value(behind), 1) << one.given << ": " << behind;
  }
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

// SPDX-License-Identifier: Apache-2.0
#include "reward/number_terms.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

TEST(NumberTerm, AllowsTheLargerTolerance) {
  const Prompt prompt = prompt_with({{"answer", 200}});
  EXPECT_EQ(value_of("{kind: number}", prompt, "200"), 1);
  EXPECT_EQ(value_of("{kind: number}", prompt, "200.1"), 0);
  EXPECT_EQ(value_of("{kind: number, tolerance: 2}", prompt, "202"), 1);
  EXPECT_EQ(value_of("{kind: number, tolerance: 2, relative: 0.05}", prompt, "190"), 1);
  EXPECT_EQ(value_of("{kind: number, tolerance: 2, relative: 0.05}", prompt, "189"), 0);
}

TEST(NumberTerm, ReadsTruthThatIsText) {
  EXPECT_EQ(value_of("{kind: number}", prompt_with({{"answer", "3/4"}}), "75%"), 1);
}

TEST(NumberTerm, ComparesUnitsThatItKnows) {
  const Prompt metres = prompt_with({{"answer", "1.5 m"}});
  const std::string term = "{kind: number, units: known}";
  EXPECT_EQ(value_of(term, metres, "150 cm"), 1);
  EXPECT_EQ(value_of(term, metres, "150 mm"), 0);
  EXPECT_EQ(value_of(term, metres, "1.5"), 1);
  EXPECT_EQ(value_of("{kind: number}", metres, "150 cm"), 0);
}

TEST(NumberTerm, TellsSmallTruthsFromNothing) {
  const Prompt tiny = prompt_with({{"answer", "0.0000000001"}});
  EXPECT_EQ(value_of("{kind: number}", tiny, "0.0000000001"), 1);
  for (const char* answer : {"0", "-0.0000000001", "0.0000000002"})
    EXPECT_EQ(value_of("{kind: number}", tiny, answer), 0) << answer;
}

TEST(NumberTerm, IsExactBeyondWhatDoublesTell) {
  const Prompt large = prompt_with({{"answer", 9007199254740993}});
  EXPECT_EQ(value_of("{kind: number}", large, "9,007,199,254,740,993"), 1);
  EXPECT_EQ(value_of("{kind: number}", large, "9007199254740992"), 0);
  EXPECT_EQ(value_of("{kind: number}", large, "9007199254740993.5"), 0);
  EXPECT_EQ(value_of("{kind: number, tolerance: 1}", large, "9007199254740992"), 1);
  const Prompt third = prompt_with({{"answer", "1/3"}});
  EXPECT_EQ(value_of("{kind: number}", third, "0.3333333333"), 1);
  EXPECT_EQ(value_of("{kind: number, tolerance: 0}", third, "0.3333333333"), 0);
  EXPECT_EQ(value_of("{kind: number}", large, std::string(45, '9')), 0);
}

TEST(NumberTerm, KnowsTemperaturesByBothScales) {
  const Prompt fever = prompt_with({{"answer", "38 °C"}});
  const std::string term = "{kind: number, units: known}";
  EXPECT_EQ(value_of(term, fever, "100.4 °F"), 1);
  EXPECT_EQ(value_of(term, fever, "38"), 1);
  EXPECT_EQ(value_of(term, fever, "38 °F"), 0);
  EXPECT_EQ(value_of(term, prompt_with({{"answer", "32 °F"}}), "0 °C"), 1);
  EXPECT_EQ(value_of("{kind: math_equal}", fever, "100.4 degrees Fahrenheit"), 1);
}

TEST(NumberTerm, SaysWhereUnitsDiffer) {
  const Prompt length = prompt_with({{"answer", "5 m"}});
  const auto evidence = [&](const std::string& answer) {
    return judged("{kind: number, units: known}", length, answer_candidate(length, answer))
        .evidence;
  };
  EXPECT_EQ(evidence("5 kg"), "5000 g for 5 m, in units that differ");
  EXPECT_EQ(evidence("50 cm"), "0.5 m for 5 m");
  EXPECT_EQ(evidence("5"), "5 for 5 m");
  const Prompt far = prompt_with({{"answer", "5 km"}});
  EXPECT_EQ(judged("{kind: number, units: known}", far, answer_candidate(far, "6")).evidence,
            "6 for 5");
}

TEST(NumberTerm, ReadsDegreesByTheirLetterWhereTheTruthIsATemperature) {
  const Prompt fever = prompt_with({{"answer", "38 °C"}});
  const std::string term = "{kind: number, units: known}";
  for (const char* answer : {"38 C", "38C", "100.4 F", "100.4F.", "The answer is 38 C"})
    EXPECT_EQ(value_of(term, fever, answer), 1) << answer;
  for (const char* answer : {"38 F", "100.4 C", "38 c", "38 ft C", "C", "38 IC", "F 100.4"})
    EXPECT_EQ(value_of(term, fever, answer), 0) << answer;
  EXPECT_EQ(value_of("{kind: number}", fever, "38 C"), 0);
  EXPECT_EQ(value_of(term, prompt_with({{"answer", "38 m"}}), "38 C"), 0);
  EXPECT_EQ(value_of(term, prompt_with({{"answer", "38"}}), "38 C"), 0);
}

TEST(NumberTerm, ShowsAsManyDigitsAsTellTwoNumbersApart) {
  const auto evidence = [](const char* truth, const char* answer) {
    const Prompt prompt = prompt_with({{"answer", truth}});
    return judged("{kind: number, units: known, tolerance: 0}", prompt,
                  answer_candidate(prompt, answer))
        .evidence;
  };
  EXPECT_EQ(evidence("1.5 m", "59.055 inches"), "1.499997 m for 1.5 m");
  EXPECT_EQ(evidence("1/3", "0.3333333333"), "0.3333333333 for 0.33333333333");
  EXPECT_EQ(evidence("0.1", "0.1"), "0.1 for 0.1");
}

TEST(NumberTerm, TakesPercentEitherWayWhereAskedTo) {
  const Prompt half = prompt_with({{"answer", "50"}});
  EXPECT_EQ(value_of("{kind: number}", half, "50 %"), 0);
  EXPECT_EQ(value_of("{kind: number, percent: either}", half, "50 %"), 1);
  const Prompt share = prompt_with({{"answer", "0.5"}});
  EXPECT_EQ(value_of("{kind: number, percent: either}", share, "50 %"), 1);
  EXPECT_EQ(value_of("{kind: number, percent: either}", share, "0.5 %"), 0);
}

TEST(NumberTerm, TakesPercentAsWrittenWhereTheQuestionAsksForThem) {
  const auto value = [](const char* truth, const char* question, const char* answer) {
    Prompt prompt = prompt_with({{"answer", truth}});
    prompt.text = question;
    return value_of("{kind: number, units: asked, percent: either}", prompt, answer);
  };
  for (const char* question : {"What percentage of the eggs is broken?",
                               "By how many percent did it rise?", "What is it in percent?"}) {
    EXPECT_EQ(value("0.5", question, "0.5%"), 1) << question;
    EXPECT_EQ(value("0.5", question, "0.5"), 1) << question;
    EXPECT_EQ(value("0.5", question, "50%"), 0) << question;
    EXPECT_EQ(value("60", question, "60%"), 1) << question;
    EXPECT_EQ(value("60", question, "6000%"), 0) << question;
  }
  EXPECT_EQ(value("0.5", "What share of the eggs is broken?", "50%"), 1);
  EXPECT_EQ(value("0.5", "What share of the eggs is broken?", "0.5%"), 0);
}

TEST(NumberTerm, SaysOfWhichUnitItIs) {
  Prompt prompt = prompt_with({{"answer", "38"}});
  prompt.text = "What is his speed in miles per hour?";
  const auto verdict = [&](const std::string& answer) {
    return judged("{kind: number, units: asked}", prompt, answer_candidate(prompt, answer));
  };
  EXPECT_EQ(verdict("38 mph").value, 1);
  EXPECT_EQ(verdict("38 mph").evidence, "38 for 38");
  EXPECT_EQ(verdict("38 hours").value, 0);
  EXPECT_EQ(verdict("38 hours").evidence,
            "'38 hours' says 'hours' where 'miles per hour' is asked for");
  EXPECT_EQ(verdict("38 %").evidence, "38 % for 38, one of them in percent");
  EXPECT_EQ(verdict("39 %").evidence, "39 % for 38");
}

TEST(NumberTerm, RefusesAToleranceThatTakesEverything) {
  const auto error = [](const std::string& yaml) {
    TermHeader header;
    const auto term = read_rule_term(node_of(yaml), header);
    return term ? "" : term.error().message;
  };
  EXPECT_EQ(error("{kind: number, tolerance: 1e300}"),
            "s.yaml:1:27: tolerance: must be between 0 and 1000000; where truths are large, give "
            "'relative', a share of them, instead");
  EXPECT_NE(error("{kind: number, tolerance: -1}"), "");
  EXPECT_NE(error("{kind: number, tolerance: .inf}"), "");
  EXPECT_EQ(error("{kind: number, relative: 5}"), "s.yaml:1:26: relative: must be between 0 and 1");
  EXPECT_EQ(error("{kind: number, tolerance: 1e6, relative: 1}"), "");
}

TEST(NumberTerm, GuessesNothing) {
  const Verdict verdict = judged("{kind: number}", prompt_with({{"answer", 2}}),
                                 answer_candidate(prompt_with({}), "about 2"));
  EXPECT_EQ(verdict.value, 0);
  EXPECT_EQ(verdict.evidence, "'about 2' is no number: 'about' stands beside it");
}

TEST(CountTerm, IsExactUpToTheCap) {
  const Prompt three = prompt_with({{"answer", "3"}});
  EXPECT_EQ(value_of("{kind: count}", three, "3"), 1);
  EXPECT_EQ(value_of("{kind: count}", three, "5"), 0);
  EXPECT_EQ(value_of("{kind: count, at_most: 3}", three, "5"), 1);
  EXPECT_EQ(value_of("{kind: count, at_most: 3}", three, "2"), 0);
}

TEST(CountTerm, RefusesWhatIsNoCount) {
  const Prompt one = prompt_with({{"answer", "1"}});
  EXPECT_EQ(value_of("{kind: count}", one, "1.0"), 1);
  EXPECT_EQ(value_of("{kind: count}", one, "1.5"), 0);
  EXPECT_EQ(judged("{kind: count}", one, answer_candidate(one, "1.5")).evidence,
            "1.5 for 1, and no count");
  EXPECT_EQ(judged("{kind: count}", one, answer_candidate(one, "1 cell")).evidence,
            "'1 cell' is no number: 'cell' stands beside it");
  EXPECT_EQ(value_of("{kind: count, partial: true}", one, "-1"), 0);
}

TEST(CountTerm, TakesTheWordsThatAreAskedFor) {
  Prompt two = prompt_with({{"answer", "2"}});
  two.text = "How many platelets are in<g4><g4><g12><g12>?";
  const char* const asked = "{kind: count, at_most: 3, units: asked}";
  for (const char* right : {"2", "2 platelets", "2 platelets.", "**2** platelets"})
    EXPECT_EQ(value_of(asked, two, right), 1) << right;
  for (const char* wrong :
       {"3 platelets", "2 red cells", "2 kg", "2 dozen platelets", "20 platelets",
        "2 or 3 platelets", "2 platelets?", "-2 platelets", "2.5 platelets", "platelets", ""})
    EXPECT_EQ(value_of(asked, two, wrong), 0) << wrong;
  EXPECT_EQ(value_of("{kind: count, at_most: 3}", two, "2 platelets"), 0);
}

TEST(CountTerm, ReadsANumberInWordsBesideWhatIsNamed) {
  const auto value = [](int truth, const char* answer) {
    Prompt prompt = prompt_with({{"answer", truth}});
    prompt.text = "How many platelets are in this window?";
    return value_of("{kind: count, at_most: 3, units: asked}", prompt, answer);
  };
  for (const char* text : {"I see 2 platelets", "The count is 2", "Two platelets", "two",
                           "I see two platelets.", "There are two."})
    EXPECT_EQ(value(2, text), 1) << text;
  for (const char* text : {"No platelets", "No platelets are visible.", "There are no platelets.",
                           "zero", "No platelet"})
    EXPECT_EQ(value(0, text), 1) << text;
  for (const char* text :
       {"One or two platelets", "Two dozen platelets", "Not two platelets", "About two platelets",
        "Two guests", "twenty-two platelets", "I see 3, therefore 2", "I see 3 platelets, so 2"})
    EXPECT_EQ(value(2, text), 0) << text;
  for (const char* text : {"No", "No comments", "No windows", "No one sees platelets"})
    EXPECT_EQ(value(0, text), 0) << text;
}

TEST(CountTerm, RewardsANearMissWhenAskedTo) {
  const Prompt four = prompt_with({{"answer", 4}});
  // 1 - |3 - 4| / 4
  EXPECT_DOUBLE_EQ(value_of("{kind: count, partial: true}", four, "3"), 0.75);
  EXPECT_DOUBLE_EQ(value_of("{kind: count, partial: true}", four, "9"), 0);
  EXPECT_DOUBLE_EQ(value_of("{kind: count, partial: true}", prompt_with({{"answer", 0}}), "1"), 0);
}

}  // namespace
}  // namespace nelumbo

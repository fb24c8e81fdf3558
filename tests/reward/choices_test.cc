// SPDX-License-Identifier: Apache-2.0
#include "reward/choices.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

ChoiceList listed(std::vector<std::string> choices, std::vector<std::string> options = {},
                  const ChoiceNaming& naming = {}) {
  return ChoiceList(NameList(std::move(choices)), NameList(std::move(options)), naming);
}

const ChoiceList& organs() {
  static const ChoiceList list = listed({"A", "B", "C"}, {"Kidney", "Bladder", "B cell"});
  return list;
}

TEST(ChoiceLists, AreNamedByLetterTextOrBoth) {
  for (const char* answer : {"B",
                             "b",
                             "(B)",
                             "B)",
                             "B.",
                             "Bladder",
                             "bladder.",
                             "B) Bladder",
                             "(B) bladder",
                             "B: Bladder",
                             "\\boxed{B}",
                             "**B**",
                             "$\\text{B}$",
                             "[B]",
                             "[b].",
                             "**B.**",
                             "B (Bladder)",
                             "B [Bladder]",
                             "[B] Bladder",
                             "**B** Bladder",
                             "**B.** Bladder",
                             "**B** - Bladder",
                             "B - Bladder",
                             "B – Bladder",
                             "B—Bladder",
                             "B. (Bladder)",
                             "B = Bladder",
                             "B, bladder",
                             "B Bladder",
                             "Bladder (B)",
                             "**B (Bladder)**",
                             "B: **Bladder**",
                             "B: \"Bladder\""})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  const ChoiceList texts = listed({"kidney", "bladder"});
  for (const char* answer : {"b", "[b]", "bladder", "B (bladder)", "b) bladder", "bladder (b)"})
    EXPECT_EQ(texts.named_in(answer), "bladder") << answer;
}

TEST(ChoiceLists, AreNamedWithAnArticleToo) {
  for (const char* answer :
       {"a bladder", "The answer is a bladder", "The bladder", "the Bladder.",
        "The answer is the bladder", "B) The bladder", "**The bladder**", "It is the bladder"})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer :
       {"A bladder", "a B", "a) bladder", "The bladder or the kidney", "A) The bladder", "The"})
    EXPECT_EQ(organs().named_in(answer), std::nullopt) << answer;
  const ChoiceList with = listed({"A", "B"}, {"The kidney", "The bladder"});
  EXPECT_EQ(with.named_in("Bladder"), "B");
  EXPECT_EQ(with.named_in("B) bladder"), "B");
  const ChoiceList both = listed({"A", "B"}, {"The kidney", "Kidney"});
  EXPECT_EQ(both.named_in("kidney"), "B");
  EXPECT_EQ(both.named_in("the kidney"), "A");
  EXPECT_EQ(listed({"red", "white"}).named_in("The white"), "white");
}

TEST(ChoiceLists, AreNotNamedByWhatContradictsItself) {
  for (const char* answer : {"A) Bladder",
                             "B or C",
                             "B, C",
                             "not B",
                             "Bladder Kidney",
                             "",
                             "D",
                             "(B",
                             "A B C",
                             "A (Bladder)",
                             "[A] Bladder",
                             "**A** Bladder",
                             "A - Bladder",
                             "A: Bladder",
                             "A Bladder",
                             "Bladder (A)",
                             "B (Kidney)",
                             "B (not Bladder)",
                             "B (Bladder) or A",
                             "B (Bladder) (A)",
                             "[B",
                             "BBladder",
                             "B-"})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
  EXPECT_FALSE(listed({"A", "B"}, {"5", "7"}).named_in("> 5")) << "which is another claim";
  const ChoiceList numbers = listed({"A", "B"}, {"5", "-5"});
  EXPECT_EQ(numbers.named_in("B) -5"), "B");
  EXPECT_EQ(numbers.named_in("A - 5"), "A");
  EXPECT_FALSE(numbers.named_in("A) -5")) << "the text is that of B";
}

TEST(ChoiceLists, AreNamedInBracketsAndQuotes) {
  const ChoiceList words = listed({"yes", "no", "maybe"});
  for (const char* answer :
       {"(yes)", "[yes]", "{yes}", "*yes*", "_yes_", "`yes`", "“yes”", "(yes).", "**(yes)**",
        "\\(yes\\)", "\\boxed{\\text{yes}}", "(\"yes\")"})
    EXPECT_EQ(words.named_in(answer), "yes") << answer;
  for (const char* answer : {"(yes", "(yes)(no)", "(yes) or (no)", "()", "(yes or no)", "y"})
    EXPECT_FALSE(words.named_in(answer)) << answer;
  const ChoiceList signs = listed({"A", "B"}, {"(+)-form", "(-)"});
  EXPECT_EQ(signs.named_in("(-)"), "B") << "an option may have brackets of its own";
}

constexpr const char* kNamingB[] = {"The answer is B",
                                    "the answer is (B).",
                                    "The answer is: B",
                                    "Answer: B",
                                    "Answer B",
                                    "**Answer:** B",
                                    "**Answer: B**",
                                    "answer = b",
                                    "Answer:B",
                                    "My answer is B",
                                    "Option B",
                                    "option (b)",
                                    "Choice B",
                                    "The correct answer is B.",
                                    "The correct option is B) Bladder",
                                    "The best answer choice is B",
                                    "So, the final answer is **B**",
                                    "Final answer: Bladder",
                                    "The answer is option B",
                                    "Therefore the answer would be B",
                                    "So B",
                                    "Hence, (B)",
                                    "### B",
                                    "- B",
                                    "* **B**",
                                    "→ B) Bladder",
                                    "B\nBladder",
                                    "Bladder (option B)",
                                    "So B is correct",
                                    "I choose B",
                                    "I pick (b)",
                                    "I would choose B) Bladder",
                                    "I'd go with B.",
                                    "I select the option B",
                                    "Ans: B",
                                    "Ans. B",
                                    "Answer - B",
                                    "**Answer** – **B**",
                                    "My pick is B",
                                    "It's B",
                                    "That is B",
                                    "B is my pick",
                                    "clearly B",
                                    "Most likely B",
                                    "Most likely answer: B",
                                    "The answer is clearly B",
                                    "It is most likely the bladder",
                                    "B…",
                                    "The answer is B…",
                                    "B is correct",
                                    "B is the correct answer.",
                                    "Bladder is the answer"};
constexpr const char* kNamingNone[] = {"The answer is not B",
                                       "The answer is B or C",
                                       "The answer is B, not B",
                                       "The answer is B and C",
                                       "The answer is B?",
                                       "Is the answer B?",
                                       "The answer isn't B",
                                       "The wrong answer is B",
                                       "The answer is B. The answer is C.",
                                       "Answer: A) Bladder",
                                       "The answer is probably B",
                                       "The answer is",
                                       "Option",
                                       "Bladder (option A)",
                                       "A\nBladder",
                                       "So not B",
                                       "- B\n- C",
                                       "I would not choose B",
                                       "I don't choose B",
                                       "I choose B or C",
                                       "I choose B over C",
                                       "Not my pick: B",
                                       "It isn't B",
                                       "It's not B",
                                       "I choose neither A nor B",
                                       "I choose A) Bladder",
                                       "My pick is probably B",
                                       "Most likely B or C",
                                       "clearly not B",
                                       "B… or A",
                                       "All of the above",
                                       "The first one",
                                       "B is not correct",
                                       "B is incorrect",
                                       "Neither A nor B is correct",
                                       "B or C is correct",
                                       "The answer B is wrong",
                                       "The answer isB",
                                       "No answer is B",
                                       "If the answer is B",
                                       "The answer is D"};

TEST(ChoiceLists, AreNamedInASentenceThatSaysNothingElse) {
  for (const char* answer : kNamingB)
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer : kNamingNone)
    EXPECT_FALSE(organs().named_in(answer)) << answer;
  const ChoiceList words = listed({"yes", "no", "maybe"});
  EXPECT_EQ(words.named_in("The answer is no."), "no");
  EXPECT_FALSE(words.named_in("No answer is yes."));
}

TEST(ChoiceLists, AreNamedAloneWithoutASentence) {
  for (const char* text : {"B", "(B)", "**B.**", "\\boxed{B}", "The bladder.", "B) Bladder"})
    EXPECT_EQ(organs().named_alone(text), "B") << text;
  for (const char* text :
       {"The answer is B", "B, as it is a sac", "B) Bladder is it", "B?", "B or C"})
    EXPECT_FALSE(organs().named_alone(text)) << text;
}

TEST(ChoiceLists, AreNotNamedByADoubt) {
  for (const char* answer :
       {"B?", "b ?", "B??", "(B)?", "(B?)", "Bladder?", "B) Bladder?", "B？", "B؟"})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
  const ChoiceList asked = listed({"A", "B"}, {"Why me?", "Nothing"});
  EXPECT_EQ(asked.named_in("Why me?"), "A");
  EXPECT_EQ(asked.named_in("Why me"), "A");
  EXPECT_EQ(asked.named_in("A) why me?"), "A");
  EXPECT_FALSE(asked.named_in("Nothing?"));
  EXPECT_FALSE(asked.named_in("A?"));
}

TEST(ChoiceLists, SpellOutWhatALetterStandsFor) {
  const nlohmann::json hops = {{"choices", {"PEX2", "RP1"}}};
  EXPECT_EQ(spelled_out(hops, "B"), "RP1");
  EXPECT_EQ(spelled_out(hops, "(a) PEX2"), "PEX2");
  EXPECT_EQ(spelled_out(hops, "GNAT2"), "GNAT2");
  EXPECT_EQ(spelled_out({{"choices", {"A", "B"}}, {"options", {"Kidney", "Bladder"}}}, "B"),
            "Bladder");
  EXPECT_EQ(spelled_out(nlohmann::json::object(), "B"), "B");
}

TEST(ChoiceLists, AreNamedByWhatPeopleSee) {
  EXPECT_EQ(organs().named_in("\u0412"), "B") << "Cyrillic ve";
  EXPECT_EQ(organs().named_in("Bl\u0430dder"), "B") << "Cyrillic a";
  const ChoiceList russian = listed({"А", "Б", "В"}, {"почка", "печень", "лёгкое"});
  EXPECT_EQ(russian.named_in("\u0412"), "В");
  EXPECT_FALSE(russian.named_in("B")) << "a letter of another script";
}

TEST(ChoiceLists, AreNotNamedByATextThatTwoShare) {
  const ChoiceList list = listed({"A", "B", "C"}, {"Same", "Same", "other"});
  EXPECT_FALSE(list.named_in("Same"));
  EXPECT_FALSE(list.named_in("same"));
  EXPECT_EQ(list.named_in("B) same"), "B");
  EXPECT_EQ(list.named_in("A"), "A");
}

TEST(ChoiceLists, AreNamedByTheirWordsAloneWhereNobodyIsShownLetters) {
  const std::vector<std::string> words = {"yes", "no", "maybe"};
  EXPECT_EQ(listed(words).named_in("Option B"), "no");
  ChoiceNaming naming;
  naming.letters = false;
  const ChoiceList list = listed(words, {}, naming);
  for (const char* answer : {"No.", "(no)", "**No**", "The answer is no", "Option: no"})
    EXPECT_EQ(list.named_in(answer), "no") << answer;
  for (const char* answer : {"B", "b.", "(B)", "Option B", "The answer is B", "B) no"})
    EXPECT_FALSE(list.named_in(answer)) << answer;
  EXPECT_EQ((listed({"A", "B"}, {"Kidney", "Bladder"}, naming).named_in("B")), "B")
      << "a choice itself";
}

TEST(ChoiceLists, AreNamedInTheCaseThatTellsThemApart) {
  const ChoiceList list = listed({"A", "B", "C", "D"}, {"PP", "Pp", "pp", "qq"});
  for (const char* answer : {"B", "b", "Pp", "(Pp)", "\"(Pp)\"", "**Pp**.", "B) Pp", "Pp (B)",
                             "B - (Pp)", "The answer is Pp", "The answer is B) Pp"})
    EXPECT_EQ(list.named_in(answer), "B") << answer;
  EXPECT_EQ(list.named_in("PP"), "A");
  EXPECT_EQ(list.named_in("\"(PP)\""), "A");
  EXPECT_EQ(list.named_in("pp"), "C");
  EXPECT_EQ(list.named_in("QQ"), "D");
  EXPECT_EQ(list.named_in("D) QQ"), "D");
  for (const char* answer : {"pP", "B) PP", "B) pp", "B) pP", "A) Pp", "PP (B)"})
    EXPECT_FALSE(list.named_in(answer)) << answer;
}

TEST(ChoiceLists, SayWhyAnAnswerNamesNone) {
  EXPECT_EQ(organs().why_none("A) Bladder"), "its letter and its text are two of them");
  EXPECT_EQ(organs().why_none("E) Bladder"), "its letter stands for none");
  EXPECT_EQ(organs().why_none("(D)"), "no choice has that letter");
  EXPECT_EQ(organs().why_none("Bladder or kidney"), "it names several");
  EXPECT_EQ(organs().why_none("The bladder it is"), "it says more than the choice");
  EXPECT_EQ(organs().why_none(" "), "nothing is said");
  EXPECT_EQ(organs().why_none("Liver"), "");
  EXPECT_EQ(listed({"A", "B"}, {"same", "same"}).why_none("same"), "more than one reads so");
}

TEST(ChoiceLists, HaveAnOptionForEachChoice) {
  const nlohmann::json truth = {{"choices", {"A", "B"}}, {"options", {"x"}}};
  EXPECT_EQ(choice_list(truth, "choices", "options").error().message,
            "truth fields 'choices' and 'options' have 2 and 1 items");
  EXPECT_TRUE(choice_list(truth, "choices", std::nullopt).ok());
}

TEST(ChoiceLists, AreNamedWithAReason) {
  for (const char* answer :
       {"B because it holds urine", "The answer is B because it holds urine",
        "I think it is B, since it does not make urine", "Bladder, because it holds urine",
        "The organ is B, as it holds urine", "B because C is wrong",
        "B, because A is filtered there and not stored",
        "B. Bladder, since the kidney only makes urine", "B, as kidneys store none"})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer :
       {"B because the kidney makes it", "B because A is right", "B, or A because it holds urine",
        "B, since no option beats A", "B, because A holds urine and B does not",
        "B because it might hold urine", "B, as the kidney", "not B, because it holds urine",
        "B cell, because (B) holds urine"})
    EXPECT_NE(organs().named_in(answer), "B") << answer;
  EXPECT_EQ(organs().named_in("C, because it makes antibodies"), "C");
  const ChoiceList causes = listed({"A", "B"}, {"Due to a stone", "Due to a clot"});
  for (const char* answer : {"A. Due to a stone is not right", "A - due to a clot"})
    EXPECT_FALSE(causes.named_in(answer)) << answer;
  EXPECT_EQ(causes.named_in("A. Due to a stone, since there is pain"), "A");
}

TEST(ChoiceLists, AreNamedByLetterAndTextWithMoreAboutThem) {
  for (const char* answer :
       {"B) Bladder is the organ that holds urine", "B. Bladder. It holds urine.",
        "**B. Bladder** is right", "B (Bladder) is right", "Answer: B) Bladder, which holds urine",
        "B: Bladder (a sac)", "B\nBladder\nIt holds urine."})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer :
       {"Bladder holds it. B is right", "B is what holds urine", "B) Bladder holds it",
        "B) Bladder is not it", "B) Bladder and kidney", "B) Bladder is it. So is A",
        "B) Bladder is a B cell", "B) B cell is right", "A) Bladder is right", "B) Bladder is out",
        "B) Bladder, which I exclude", "B) Bladder is what I would avoid", "B. Bladder; kidneys",
        "B. Bladder. The bladder is out.", "B. Bladder. B is out."})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
  const ChoiceList longer = listed({"A", "B"}, {"Aspirin", "Aspirin is out"});
  EXPECT_FALSE(longer.named_in("A) Aspirin is out of stock")) << "begins as the other";
  EXPECT_FALSE(organs().named_in("B) Bladder is right " + std::string(1000, 'x')));
}

TEST(ChoiceLists, AreNamedInTheirPlaceInASentence) {
  for (const char* answer : {"The best organ is B", "This is B", "The organ is the bladder.",
                             "I think the most likely organ is B"})
    EXPECT_EQ(organs().named_in(answer), "B") << answer;
  for (const char* answer : {"The kidney is B", "The worst organ is B", "The organ to avoid is B",
                             "The organ that is not right is B", "The organ isn't B"})
    EXPECT_FALSE(organs().named_in(answer)) << answer;
}

TEST(ChoiceLists, AreNamedByOtherNames) {
  ChoiceNaming naming;
  naming.letters = false;
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"white", "white cell", "WBC"}, {"red", "red cell", "RBC"}})
    naming.things.emplace_back(names);
  const ChoiceList cells = listed({"red", "white"}, {}, naming);
  for (const char* answer :
       {"white", "White cell", "a white cell", "A white cell.", "WBC", "wbc", "The cell is a WBC",
        "**WBC**", "white cell (WBC)", "White (white cell).", "WBC, because it has a nucleus",
        "WBC, because an RBC has no nucleus"})
    EXPECT_EQ(cells.named_in(answer), "white") << answer;
  for (const char* answer :
       {"cell", "WBC or RBC", "B", "not a WBC", "WBC?", "A", "a", "white cell (RBC)", "white (",
        "cell (WBC)", "WBC, because an RBC is round"})
    EXPECT_FALSE(cells.named_in(answer)) << answer;
  EXPECT_EQ(cells.named_in("RBC"), "red");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/step_fields.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

template <class T>
std::string refusal(const Result<T>& read) {
  return read.ok() ? "accepted" : read.error().message;
}

std::string types_in(const std::string& part) {
  const json parsed = json::parse(part);
  const auto steps = steps_in_order(parsed, "parts", "p");
  if (!steps)
    return steps.error().message;
  std::string types;
  for (const json* step : steps.value())
    types += step_type(*step) + " ";
  return types;
}

TEST(StepFields, PutsSequencesInSequencesInOneOrder) {
  EXPECT_EQ(types_in("null"), "");
  EXPECT_EQ(types_in(R"({"type":"A"})"), "A ");
  EXPECT_EQ(types_in(R"({"type":"Sequence","parts":[{"type":"A"},)"
                     R"({"type":"Sequence","parts":[{"type":"B"}]},{"type":"C"}]})"),
            "A B C ");
  EXPECT_EQ(types_in(R"({"type":"Sequence"})"), "p: a Sequence must have a list of parts");
  EXPECT_EQ(types_in(R"([1])"), "p: must be an object with a type");
}

TEST(StepFields, RefusesMoreStepsThanAFileNeeds) {
  json all = {{"type", "Sequence"}, {"parts", json::array()}};
  for (int i = 0; i < 16; ++i)
    all["parts"].push_back({{"type", "A"}});
  EXPECT_NE(types_in(all.dump()).find("A "), std::string::npos);
  all["parts"].push_back({{"type", "Sequence"}, {"parts", {{{"type", "A"}}}}});
  EXPECT_EQ(types_in(all.dump()), "p: has more than 16 steps");
}

TEST(StepFields, NamesAFieldOfAnotherType) {
  const json step = json::parse(R"({"type":"A","flag":1,"text":2,"mark":"ab","count":-1})");
  EXPECT_EQ(refusal(flag_field(step, "flag", true, "p")), "p: flag must be true or false");
  EXPECT_EQ(refusal(flag_field(step, "other", true, "p")), "accepted");
  EXPECT_EQ(refusal(text_field(step, "text", "p")), "p: text must be a text");
  EXPECT_EQ(refusal(character_field(step, "mark", "p")), "p: mark must be one character");
  EXPECT_EQ(refusal(count_field(step, "count", 9, "p")),
            "p: count must be a whole number from 0 to 9");
  EXPECT_EQ(refusal(token_id(json(4'000'000'000), "p")),
            "p: an id must be a whole number from 0 to 2147483647");
}

TEST(StepFields, SaysWhatIsSupported) {
  EXPECT_EQ(unsupported_step("p", json{{"type", "X"}}, "A and B").message,
            "p: type 'X' is not supported; A and B are");
}

TEST(StepFields, ReadsPatternsOfTextAndOfRegularExpressions) {
  const auto replaced = [](const std::string& pattern) {
    const json step{{"type", "Split"}, {"pattern", json::parse(pattern)}};
    const Result<Regex> regex = pattern_field(step, "p");
    Patience patience;
    return regex.ok() ? regex.value().replaced("a.b", "-", patience) : regex.error().message;
  };
  EXPECT_EQ(replaced(R"({"String":"."})"), "a-b");
  EXPECT_EQ(replaced(R"({"Regex":"."})"), "---");
  EXPECT_EQ(replaced(R"({"Glob":"."})"), "p: the pattern of a Split must be a Regex or a String");
  EXPECT_EQ(replaced(R"("x")"), "p: the pattern of a Split must be a Regex or a String");
  EXPECT_EQ(replaced(R"({"String":""})"), "p: the pattern of a Split must not be empty");
}

TEST(StepFields, BoundsWhatAReplacementMakesOfAText) {
  const auto growth = [](const char* kind, const char* pattern, const char* content) {
    return replacement_growth({{"pattern", {{kind, pattern}}}, {"content", content}});
  };
  EXPECT_EQ(growth("String", " ", "▁"), 3);
  EXPECT_EQ(growth("String", "ab", "c"), 1);
  EXPECT_EQ(growth("Regex", "x*", "ab"), 3) << "between all characters, too";
}

TEST(StepFields, QuotesLittleOfALongValue) {
  EXPECT_LE(excerpt(json(std::string(1000, 'x'))).size(), 80U);
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "model/token_frame.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nelumbo {
namespace {

using nlohmann::json;

/// The tokens with a T for the text.
std::string shown(const json& part) {
  const auto frame = TokenFrame::parse(part, "p");
  if (!frame)
    return frame.error().message;
  std::string text;
  for (const int32_t id : frame.value().before)
    text += std::to_string(id) + " ";
  text += "T";
  for (const int32_t id : frame.value().after)
    text += " " + std::to_string(id);
  return text;
}

json special(const char* name) {
  return {{"SpecialToken", {{"id", name}, {"type_id", 0}}}};
}

const json kText = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};

json template_of(const json& single) {
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"special_tokens",
           {{"<s>", {{"id", "<s>"}, {"ids", {1, 7}}}}, {"</s>", {{"id", "</s>"}, {"ids", {2}}}}}}};
}

TEST(TokenFrame, ReadsTemplates) {
  EXPECT_EQ(shown(template_of({special("<s>"), kText, special("</s>")})), "1 7 T 2");
  EXPECT_EQ(shown(template_of(json::array({kText}))), "T");
}

TEST(TokenFrame, ReadsTheMarksOfBertAndRoberta) {
  for (const char* type : {"BertProcessing", "RobertaProcessing"})
    EXPECT_EQ(shown({{"type", type}, {"sep", {"</s>", 2}}, {"cls", {"<s>", 0}}}), "0 T 2");
}

TEST(TokenFrame, LetsOneStepOfASequenceAddTokens) {
  const json marks = template_of({special("<s>"), kText});
  EXPECT_EQ(shown(nullptr), "T");
  EXPECT_EQ(shown({{"type", "Sequence"}, {"processors", {{{"type", "ByteLevel"}}, marks}}}),
            "1 7 T");
  EXPECT_EQ(shown({{"type", "Sequence"}, {"processors", {marks, marks}}}),
            "p: a second step that adds tokens, TemplateProcessing, is not supported");
}

TEST(TokenFrame, RefusesWhatItCannotFollow) {
  EXPECT_EQ(shown({{"type", "Other"}}),
            "p: type 'Other' is not supported; ByteLevel, TemplateProcessing, BertProcessing, "
            "RobertaProcessing and Sequence are");
  EXPECT_EQ(shown(template_of({special("<x>"), kText})),
            "p: the template's token \"<x>\" is not in special_tokens");
  EXPECT_EQ(shown(template_of(json::array())), "p: the template `single` must have the sequence A");
  EXPECT_NE(shown(template_of({kText, kText})).find("is not supported"), std::string::npos);
  EXPECT_EQ(shown({{"type", "TemplateProcessing"}}),
            "p: a TemplateProcessing must have a list `single`");
  EXPECT_EQ(shown({{"type", "BertProcessing"}, {"sep", 2}, {"cls", {"<s>", 0}}}),
            "p: sep must be a token and its id");
  EXPECT_EQ(shown({{"type", "BertProcessing"}, {"sep", {"x", -1}}, {"cls", {"<s>", 0}}}),
            "p: sep: an id must be a whole number from 0 to 2147483647");
}

TEST(TokenFrame, RefusesAFrameThatGrowsWithoutEnd) {
  json many = json::array();
  for (int i = 0; i < 600; ++i)
    many.push_back(special("<s>"));
  many.push_back(kText);
  EXPECT_EQ(shown(template_of(many)),
            "p: special token \"<s>\" must have a list of ids, at most 1024 in all");
}

}  // namespace
}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "reward/truth.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

const nlohmann::json& truth() {
  static const nlohmann::json json = {{"answer", "2"},
                                      {"choices", {"1", "2"}},
                                      {"region", {0, 1, 2, 3}},
                                      {"boxes", {{0, 0, 1, 1}, {1, 1, 2, 2}}},
                                      {"bad", {{0, 0, 1}}}};
  return json;
}

TEST(Truth, IsReadByShape) {
  EXPECT_EQ(truth_text(truth(), "answer").value(), "2");
  EXPECT_EQ(truth_number(truth(), "answer").value(), 2);
  EXPECT_EQ(truth_texts(truth(), "choices").value().size(), 2u);
  EXPECT_EQ(truth_box(truth(), "region").value().y1, 3);
  EXPECT_EQ(truth_boxes(truth(), "boxes").value()[1].x0, 1);
}

TEST(Truth, SaysWhatIsMissingOrOfAnotherShape) {
  EXPECT_EQ(truth_text(truth(), "label").error().message, "truth has no field 'label'");
  EXPECT_EQ(truth_text(nullptr, "label").error().message, "truth has no field 'label'");
  EXPECT_EQ(truth_boxes(truth(), "bad").error().message,
            "truth field 'bad' is not a list of boxes [x0, y0, x1, y1]");
  EXPECT_EQ(truth_number(truth(), "choices").error().message,
            "truth field 'choices' is not a number");
}

TEST(Truth, IsCheckedBeforeARun) {
  const auto check = [](const std::string& name, TruthShape shape) {
    const auto done = check_truth({name, shape, "s.yaml:1:2: a.truth"}, "count", truth());
    return done ? "" : done.error().message;
  };
  EXPECT_EQ(check("answer", TruthShape::kNumber), "");
  EXPECT_EQ(check("boxs", TruthShape::kBoxes),
            "s.yaml:1:2: a.truth: the data of task 'count' has no field 'boxs'; it has answer, "
            "bad, boxes, choices, region (did you mean 'boxes'?)");
  EXPECT_EQ(check("region", TruthShape::kBoxes),
            "s.yaml:1:2: a.truth: in the data of task 'count' truth field 'region' is not a list "
            "of boxes [x0, y0, x1, y1]");
}

TEST(Truth, ReadsRubricsAndTalks) {
  const auto points = [](const nlohmann::json& rubric) {
    const auto read = truth_criteria({{"r", rubric}}, "r", TruthShape::kPoints);
    return read ? std::ssize(read.value()) : -1;
  };
  EXPECT_EQ(points({{{"criterion", "a"}, {"points", 3}, {"tags", {"x"}}},
                    {{"criterion", "b"}, {"points", -10}}}),
            2);
  for (const char* bad :
       {"[]", "{}", "[{}]", R"([{"criterion": "a"}])", R"([{"criterion": " ", "points": 1}])",
        R"([{"criterion": "a", "points": "1"}])", R"([{"criterion": "a", "points": 11}])",
        R"([{"criterion": "a", "points": -1}])"})
    EXPECT_EQ(points(nlohmann::json::parse(bad)), -1) << bad;
  EXPECT_EQ(points(std::vector<nlohmann::json>(201, {{"criterion", "a"}, {"points", 1}})), -1);
  const auto kinds =
      truth_criteria({{"r", {{{"criterion", "a"}, {"kind", "pitfall"}}}}}, "r", TruthShape::kKinds);
  EXPECT_EQ(kinds.value().front().kind, "pitfall");
  EXPECT_FALSE(
      truth_criteria({{"r", {{{"criterion", "a"}, {"kind", "nice"}}}}}, "r", TruthShape::kKinds)
          .ok());
  const nlohmann::json talk = {{{"role", "user"}, {"content", "Hi"}}};
  EXPECT_EQ(truth_talk({{"m", talk}}, "m").value(), "user: Hi");
  EXPECT_EQ(
      truth_talk({{"m", "Hi"}}, "m").error().message,
      "truth field 'm' is not a conversation, [{\"role\": \"user\", \"content\": \"..\"}, ..]");
}

TEST(Truth, SaysWhenThereIsNone) {
  const auto done = check_truth({"answer", TruthShape::kText, "p"}, "type", nullptr);
  EXPECT_EQ(done.error().message, "p: the data of task 'type' has no field 'answer'; it has none");
}

TEST(Truth, ReadsAnswersAndQuantities) {
  const nlohmann::json truth = {{"a", 7}, {"b", "5 cm"}, {"c", "red"}};
  EXPECT_EQ(truth_answer(truth, "a").value(), "7");
  EXPECT_EQ(truth_quantity(truth, "b").value().value, Rational::of(1, 20));
  EXPECT_EQ(truth_quantity(truth, "c").error().message, "truth field 'c' is not a number");
}

TEST(Truth, HasNumbersThatJsonKeeps) {
  const auto truth =
      nlohmann::json::parse(R"({"a": 9007199254740993, "b": 123456789012345678901234567890})");
  EXPECT_EQ(truth_quantity(truth, "a").value().value, Rational(9007199254740993));
  EXPECT_EQ(
      truth_quantity(truth, "b").error().message,
      "truth field 'b' is 1.2345678901234568e+29, a number that JSON rounds; write it as text");
}

}  // namespace
}  // namespace nelumbo

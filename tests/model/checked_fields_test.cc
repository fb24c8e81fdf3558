// SPDX-License-Identifier: Apache-2.0
#include "model/checked_fields.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

using nlohmann::json;

const json kValues = json::parse(R"({"m.n": 3, "m.real": 0.5, "m.yes": true, "m.word": "red",
                                     "m.ids": [7], "m.text": "x", "m.null": null})");

TEST(CheckedFields, GiveWhatIsThereAndTheDefaultOfWhatIsNot) {
  CheckedFields fields(kValues, "m.");
  EXPECT_EQ(fields.whole("n", 3), 3);
  EXPECT_EQ(fields.whole("null", 9, 5), 5);
  EXPECT_EQ(fields.positive("real", 1), 0.5);
  EXPECT_EQ(fields.positive("other", 2), 2);
  EXPECT_TRUE(fields.flag("yes"));
  EXPECT_FALSE(fields.flag("other"));
  EXPECT_EQ(fields.one_of("word", {"blue", "red"}), "red");
  EXPECT_EQ(fields.id("ids", 8), 7);
  EXPECT_EQ(fields.id("other", 8), std::nullopt);
  fields.only("word", {"red"});
  fields.only("other", {"red"});
  EXPECT_EQ(fields.complaint(), std::nullopt);
}

TEST(CheckedFields, TheFirstComplaintStays) {
  CheckedFields fields(kValues, "m.");
  EXPECT_EQ(fields.whole("n", 2), 1);
  EXPECT_EQ(fields.whole("other", 2), 1);
  EXPECT_EQ(fields.complaint(), "m.n: must be a whole number from 1 to 2, not 3");
}

TEST(CheckedFields, ComplainByNameAndValue) {
  const auto complaint = [](auto ask) {
    CheckedFields fields(kValues, "m.");
    ask(fields);
    return fields.complaint().value_or("none");
  };
  EXPECT_EQ(complaint([](CheckedFields& f) { f.whole("other", 2); }),
            "m.other: must be a whole number from 1 to 2, not missing");
  EXPECT_EQ(complaint([](CheckedFields& f) { f.positive("text", 2); }),
            "m.text: must be a number > 0, not \"x\"");
  EXPECT_EQ(complaint([](CheckedFields& f) { f.flag("n"); }), "m.n: must be true or false, not 3");
  EXPECT_EQ(complaint([](CheckedFields& f) { f.id("ids", 7); }),
            "m.ids: must be a token id below 7, not [7]");
  EXPECT_EQ(complaint([](CheckedFields& f) { f.one_of("word", {"blue"}); }),
            "m.word: must be one of blue, not \"red\"");
  EXPECT_EQ(complaint([](CheckedFields& f) {
              f.only("n", {0, 0.0});
            }),
            "m.n: must be 0, as nothing else is supported, not 3");
}

}  // namespace
}  // namespace nelumbo

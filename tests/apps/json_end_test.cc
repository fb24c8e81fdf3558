// SPDX-License-Identifier: Apache-2.0
#include "apps/json_end.h"

#include <string>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

/// What is kept of a text that comes in pieces of `piece` bytes.
std::string kept(std::string_view text, size_t piece) {
  JsonEnd end;
  for (size_t i = 0; i < text.size(); i += piece)
    if (const auto at = end.push(text.substr(i, piece)))
      return std::string(text.substr(0, i + *at));
  return "goes on";
}

void expect_kept(std::string_view text, const std::string& expected) {
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{5}, text.size()})
    EXPECT_EQ(kept(text, piece), expected) << text << " by " << piece;
}

TEST(JsonEnd, IsBehindTheLastBraceOfTheObject) {
  expect_kept("{} more", "{}");
  expect_kept(R"({"a": {"b": [1, {"c": 2}]}}} )", R"({"a": {"b": [1, {"c": 2}]}})");
  expect_kept(R"({"a": 1}{"b": 2})", R"({"a": 1})");
}

TEST(JsonEnd, IsNotInAText) {
  expect_kept(R"({"}": "]}"}.)", R"({"}": "]}"})");
  expect_kept(R"({"a": "\"}"}.)", R"({"a": "\"}"})");
  expect_kept(R"({"a": "\\"}.)", R"({"a": "\\"})");
}

TEST(JsonEnd, PassesOverWhatStandsBeforeTheObject) {
  expect_kept(R"(He said "}: [1] {"a": []} and)", R"(He said "}: [1] {"a": []})");
}

TEST(JsonEnd, IsNotThereWhileSomethingIsOpen) {
  expect_kept("no object", "goes on");
  expect_kept(R"({"a": [1)", "goes on");
  expect_kept(R"({"a": "})", "goes on");
}

}  // namespace
}  // namespace nelumbo

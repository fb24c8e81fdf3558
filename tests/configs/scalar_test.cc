// SPDX-License-Identifier: Apache-2.0
#include "configs/scalar.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

template <class T>
Result<T> read(const std::string& yaml) {
  auto root = parse_yaml("k: " + yaml, "f");
  if (!root)
    return root.error();
  T value{};
  if (auto done = read_leaf(root.value().items[0], value); !done)
    return done.error();
  return value;
}

template <class T>
std::string error_of(const std::string& yaml) {
  auto value = read<T>(yaml);
  return value ? "no error" : value.error().message;
}

TEST(ReadLeaf, ReadsWholeNumbersInTens) {
  EXPECT_EQ(read<int64_t>("42").value(), 42);
  EXPECT_EQ(read<int64_t>("-7").value(), -7);
  EXPECT_EQ(read<int64_t>("+7").value(), 7);
  EXPECT_EQ(read<int64_t>("010").value(), 10);
  EXPECT_EQ(read<int64_t>("9223372036854775807").value(), INT64_MAX);
}

TEST(ReadLeaf, RefusesWhatIsNoWholeNumber) {
  for (const char* text : {"1_000", "1.5", "1e3", "0x10", "0o17", "many", "1,000", "+"})
    EXPECT_EQ(error_of<int64_t>(text).find("must be a whole number, not "), 0u) << text;
  EXPECT_EQ(error_of<int64_t>("\"3\""), "must be a whole number, not the text '3'");
  EXPECT_EQ(error_of<int64_t>("[1]"), "must be a whole number, not a list");
  EXPECT_EQ(error_of<int64_t>("{a: 1}"), "must be a whole number, not a section");
  EXPECT_EQ(error_of<int64_t>(""), "has no value; it must be a whole number");
  EXPECT_EQ(error_of<int64_t>("~"), "has no value; it must be a whole number");
  EXPECT_EQ(error_of<int64_t>("9223372036854775808"),
            "must be a whole number of 64 bits, not '9223372036854775808'");
}

TEST(ReadLeaf, ReadsNumbers) {
  EXPECT_EQ(read<double>("1e-5").value(), 1e-5);
  EXPECT_EQ(read<double>("+1.5E+2").value(), 150);
  EXPECT_EQ(read<double>(".5").value(), 0.5);
  EXPECT_EQ(read<double>("5.").value(), 5);
  EXPECT_EQ(read<double>("3").value(), 3);
}

TEST(ReadLeaf, RefusesWhatIsNoFiniteNumber) {
  for (const char* text : {".nan", ".inf", "-.inf", "nan", "inf", "1e", "e5", ".", "1_0", "0x1p3",
                           "yes", "1.2.3", "'1'"})
    EXPECT_EQ(error_of<double>(text).find("must be a finite number, not "), 0u) << text;
  EXPECT_EQ(error_of<double>("1e999"), "must be a number that a double can hold, not '1e999'");
}

TEST(ReadLeaf, ReadsOnlyTrueAndFalseAsTruth) {
  EXPECT_TRUE(read<bool>("true").value());
  EXPECT_FALSE(read<bool>("FALSE").value());
  for (const char* text : {"yes", "no", "on", "off", "y", "1", "0", "'true'"})
    EXPECT_EQ(error_of<bool>(text).find("must be true or false, not "), 0u) << text;
  EXPECT_EQ(error_of<bool>("ture"), "must be true or false, not 'ture' (did you mean 'true'?)");
}

TEST(ReadLeaf, TakesAnyScalarAsText) {
  EXPECT_EQ(read<std::string>("yes").value(), "yes");
  EXPECT_EQ(read<std::string>("010").value(), "010");
  EXPECT_EQ(read<std::string>("\"a: b\"").value(), "a: b");
  EXPECT_EQ(error_of<std::string>("\"a\\0b\""), "must be text without control characters");
  EXPECT_EQ(error_of<std::string>("\"\\e[31m\""), "must be text without control characters");
  EXPECT_EQ(error_of<std::string>("[a]"), "must be text, not a list");
}

TEST(ReadLeaf, ReadsLists) {
  EXPECT_EQ(read<std::vector<std::string>>("[a, b]").value(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(error_of<std::vector<std::string>>("a"), "must be a list, not 'a'");
  EXPECT_EQ(error_of<std::vector<std::string>>("[a, [b]]"), "item 1 must be text, not a list");
}

TEST(ReadLeaf, ShortensWhatItShows) {
  EXPECT_EQ(error_of<int64_t>(std::string(100, 'x')),
            "must be a whole number, not '" + std::string(40, 'x') + "...'");
}

TEST(LeafNode, WritesTheShortestTextThatReadsBack) {
  for (const double value :
       {0.1, 1e-5, 1.0 / 3, 10000.0, -0.0, 1e300, std::numeric_limits<double>::denorm_min()}) {
    const YamlNode node = leaf_node(value);
    double back = 7;
    ASSERT_TRUE(read_leaf(node, back).ok()) << node.text;
    EXPECT_EQ(back, value);
    EXPECT_EQ(std::signbit(back), std::signbit(value));
  }
  EXPECT_EQ(leaf_node(0.1).text, "0.1");
  EXPECT_EQ(leaf_node(int64_t{-3}).text, "-3");
  EXPECT_EQ(leaf_node(true).text, "true");
}

}  // namespace
}  // namespace nelumbo

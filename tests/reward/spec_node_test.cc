// SPDX-License-Identifier: Apache-2.0
#include "reward/spec_node.h"

#include <gtest/gtest.h>

#include "tests/reward/stage.h"

namespace nelumbo {
namespace {

struct Keys {
  std::string word = "default";
  double share = 0.5;
  int64_t count = 1;
  bool flag = false;
  std::optional<double> maybe;
  std::vector<std::string> words;

  template <class V>
  void fields(V& v) {
    v(word, "word", "A word.", OneOf{"default", "other"});
    v(share, "share", "A share.", Between{0, 1});
    v(count, "count", "A count.", Positive{});
    v(flag, "flag", "A flag.");
    v(maybe, "maybe", "May be left out.", NonNegative{});
    v(words, "words", "Words.");
  }
};

std::string error_of(const std::string& yaml) {
  Keys keys;
  const auto done = read_fields(node_of(yaml), {}, keys);
  return done ? "" : done.error().message;
}

TEST(SpecNodeTest, FillsFieldsAndKeepsDefaults) {
  Keys keys;
  ASSERT_TRUE(
      read_fields(node_of("{share: 0.25, maybe: 3, words: [a, b], flag: true}"), {}, keys).ok());
  EXPECT_EQ(keys.word, "default");
  EXPECT_EQ(keys.share, 0.25);
  EXPECT_EQ(keys.maybe, 3);
  EXPECT_TRUE(keys.flag);
  EXPECT_EQ(keys.words, (std::vector<std::string>{"a", "b"}));
}

TEST(SpecNodeTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(error_of("{shar: 1}"), "s.yaml:1:2: shar: unknown key (did you mean 'share'?)");
  EXPECT_EQ(error_of("\nshare: 2\n"), "s.yaml:2:8: share: must be between 0 and 1");
  EXPECT_EQ(error_of("share: many"), "s.yaml:1:8: share: must be a number, not 'many'");
  EXPECT_EQ(error_of("share: .nan"), "s.yaml:1:8: share: must be a number, not '.nan'");
  EXPECT_EQ(error_of("share: [1]"), "s.yaml:1:8: share: must be a number");
  EXPECT_EQ(error_of("count: 1.5"), "s.yaml:1:8: count: must be a whole number, not '1.5'");
  EXPECT_EQ(error_of("count: 0"), "s.yaml:1:8: count: must be > 0");
  EXPECT_EQ(error_of("flag: yes"), "s.yaml:1:7: flag: must be true or false, not 'yes'");
  EXPECT_EQ(error_of("word: dafault"), "s.yaml:1:7: word: must be one of default, other");
  EXPECT_EQ(error_of("maybe: -1"), "s.yaml:1:8: maybe: must be >= 0");
  EXPECT_EQ(error_of("words: a"), "s.yaml:1:8: words: must be a list");
  EXPECT_EQ(error_of("words: [[a]]"), "s.yaml:1:9: words[0]: must be text");
  EXPECT_EQ(error_of("[1]"), "s.yaml:1:1: must be a mapping");
  EXPECT_EQ(error_of("{share: 1, share: 1}"), "s.yaml:1:12: share: given twice");
  EXPECT_EQ(error_of("{[1]: 1}"), "s.yaml:1:2: a key must be a word");
}

TEST(SpecNodeTest, RefusesMalformedTextWithItsLine) {
  const auto node = SpecNode::parse("a: 1\nb: [", "s.yaml");
  ASSERT_FALSE(node.ok());
  EXPECT_EQ(node.error().message.substr(0, 20), "s.yaml:2:1: not YAML");
}

TEST(SpecNodeTest, RefusesWhatIsNoUtf8) {
  const auto parsed = SpecNode::parse("a: 1\nb: [fi\xe8vre]\n", "s.yaml");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message, "s.yaml:2:7: is not UTF-8 here; save the file as UTF-8");
  EXPECT_TRUE(SpecNode::parse("b: [fièvre]", "s.yaml").ok());
}

TEST(SpecNodeTest, SaysWhereNestingGoesWrong) {
  const auto why_not = [](const std::string& yaml) {
    const auto node = SpecNode::parse(yaml, "s.yaml");
    return node ? "" : node.error().message;
  };
  const std::string deep = ": nested too deeply, in more than 100 levels; write it flatter";
  EXPECT_EQ(why_not("a: " + std::string(5000, '[') + std::string(5000, ']')),
            "s.yaml:1:104" + deep);
  std::string stairs = "a:\n";
  for (int i = 1; i < 1000; ++i)
    stairs += std::string(static_cast<size_t>(i), ' ') + "a:\n";
  const std::string stair = why_not(stairs);
  EXPECT_TRUE(stair.starts_with("s.yaml:") && stair.ends_with(deep)) << stair;
  EXPECT_EQ(why_not("a:\n\tb: 1\n"),
            "s.yaml:2:3: not YAML: illegal map value; line 2 is indented with a tab: use blanks");
  EXPECT_TRUE(why_not("a:\n  b:\n    c: 1\n   d: 2\n").starts_with("s.yaml:4:4: not YAML: "));
  EXPECT_NE(why_not("a:\n  b: 1\n   c: 2\n")
                .find("s.yaml:3:5: not YAML: illegal map value; its "
                      "indentation fits none"),
            std::string::npos);
  EXPECT_NE(why_not("a: {b: [1, 2").find("; a bracket"), std::string::npos);
}

TEST(SpecNodeTest, NamesPlacesOfKeysThatAreLeftOut) {
  const SpecNode node = node_of("{a: {b: 1}}");
  EXPECT_EQ(node.at("a").value().place_of("b"), "s.yaml:1:9: a.b");
  EXPECT_EQ(node.at("a").value().place_of("c"), "s.yaml:1:5: a.c");
}

TEST(SpecNodeTest, TurnsIntoJson) {
  const auto json = node_of("{a: [1, 2.5, '3', x, true, ~], b: {c: -1}}").json();
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json.value().dump(), R"({"a":[1,2.5,"3","x",true,null],"b":{"c":-1}})");
}

TEST(SpecNodeTest, RefusesAliasesWithoutEndAndSecondDocuments) {
  const auto why_not = [](const std::string& yaml) {
    const auto node = SpecNode::parse(yaml, "s.yaml");
    return node ? "" : node.error().message;
  };
  EXPECT_EQ(why_not("specs:\n  a: &a\n    layers: *a\n").find("s.yaml:2:"), 0u);
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 1; j < 10; ++j)
      bomb += ", " + last;
    bomb += "]\n";
  }
  EXPECT_NE(why_not(bomb).find("aliases make this endless"), std::string::npos);
  EXPECT_NE(why_not("a: 1\n---\nb: 2\n").find("s.yaml:3:1: a second document"), std::string::npos)
      << why_not("a: 1\n---\nb: 2\n");
  EXPECT_EQ(why_not("---\na: 1\n"), "");
  EXPECT_EQ(why_not("a: &a {b: 1}\nc: *a\nd: [*a, *a]\n"), "");
}

}  // namespace
}  // namespace nelumbo

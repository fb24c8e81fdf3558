// SPDX-License-Identifier: Apache-2.0
#include "configs/yaml_tree.h"

#include <chrono>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

std::string error_of(const std::string& yaml) {
  auto root = parse_yaml(yaml, "f.yaml");
  return root ? "no error" : root.error().message;
}

TEST(ParseYaml, KeepsThePlaceOfEveryNodeAndKey) {
  auto root = parse_yaml("a: 1\nb:\n  c: [x, 'y']\n", "f.yaml");
  ASSERT_TRUE(root.ok()) << root.error().message;
  const YamlNode* b = root.value().find("b");
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(root.value().key_places[1], "f.yaml:2:1");
  EXPECT_EQ(b->key_places[0], "f.yaml:3:3");
  const YamlNode* c = b->find("c");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->place, "f.yaml:3:6");
  EXPECT_EQ(c->items[0].place, "f.yaml:3:7");
  EXPECT_FALSE(c->items[0].quoted);
  EXPECT_TRUE(c->items[1].quoted);
  EXPECT_EQ(root.value().find("d"), nullptr);
}

TEST(ParseYaml, ReadsNothingAsAnEmptyMapping) {
  for (const char* text : {"", "\n", "# only a comment\n"}) {
    auto root = parse_yaml(text, "f.yaml");
    ASSERT_TRUE(root.ok()) << root.error().message;
    EXPECT_EQ(root.value().items.size(), 0u);
  }
}

TEST(ParseYaml, KeepsAKeyThatIsGivenTwice) {
  auto root = parse_yaml("{a: 1, a: 2}", "f.yaml");
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(root.value().keys, (std::vector<std::string>{"a", "a"}));
}

TEST(ParseYaml, SaysWhereTheTextIsNoYaml) {
  EXPECT_EQ(error_of("a: [1\n").find("f.yaml:2:1: cannot be read as YAML: "), 0u)
      << error_of("a: [1\n");
  EXPECT_EQ(error_of("a: 1\n b: 2\n").find("f.yaml:2:3: cannot be read as YAML: "), 0u)
      << error_of("a: 1\n b: 2\n");
}

TEST(ParseYaml, RefusesTabsThatIndent) {
  EXPECT_EQ(error_of("a:\n\tb: 1\n"), "f.yaml:2:1: a tab indents this line; indent with spaces");
  EXPECT_EQ(error_of("a:\n  \tb: 1"), "f.yaml:2:3: a tab indents this line; indent with spaces");
  EXPECT_EQ(error_of("a: 1\t# note\n\t\nb: 2\n"), "no error");
}

TEST(ParseYaml, RefusesAnchorsAliasesAndMergeKeys) {
  EXPECT_EQ(error_of("a: &x 1\n"),
            "f.yaml:1:4: anchors (&name) are not served; write the value out");
  EXPECT_EQ(error_of("a: &x [1]\nb: *x\n").find("f.yaml:1:4: anchors"), 0u);
  EXPECT_EQ(error_of("a: {<<: {b: 1}}\n"),
            "f.yaml:1:5: merge keys (<<) are not served; write the values out");
}

TEST(ParseYaml, RefusesTags) {
  EXPECT_EQ(error_of("a: !!int 1\n"), "f.yaml:1:4: tags (!name) are not served");
  EXPECT_EQ(error_of("a: !ruby/object {}\n"), "f.yaml:1:4: tags (!name) are not served");
}

TEST(ParseYaml, RefusesKeysThatAreNoWords) {
  for (const char* text : {"{[a]: 1}", "{{a: 1}: 1}", "~: 1", "? [a]\n: 1"})
    EXPECT_NE(error_of(text).find(": a key must be a word"), std::string::npos) << error_of(text);
}

TEST(ParseYaml, RefusesASecondDocument) {
  EXPECT_EQ(error_of("a: 1\n---\nb: 2\n"),
            "f.yaml:2:1: a second document starts here; a configuration is one document");
  EXPECT_EQ(error_of("---\na: 1\n"), "no error");
}

TEST(ParseYaml, EndsOnTextInWhichTheParserFindsDocumentsForEver) {
  EXPECT_EQ(error_of(","),
            "f.yaml:1:1: a second document starts here; a configuration is one document");
}

TEST(ParseYaml, RefusesTextThatIsNotPlainUtf8) {
  EXPECT_EQ(error_of("a: 1\nb: x\xFF\n"), "f.yaml:2:5: is not UTF-8 here; save the file as UTF-8");
}

TEST(ParseYaml, BoundsWhatItReads) {
  const std::string deep = std::string(33, '[') + std::string(33, ']');
  EXPECT_EQ(error_of("a: " + deep), "f.yaml:1:35: nested deeper than 32 levels");
  EXPECT_NE(error_of("a: " + std::string(10000, '[')), "no error");
  std::string wide = "a: [";
  for (int i = 0; i < 20001; ++i)
    wide += "1,";
  EXPECT_NE(error_of(wide + "]").find("more than 20000 values"), std::string::npos);
}

TEST(YamlText, ReadsBackAsTheSameTree) {
  const std::string text =
      "run:\n"
      "  name: a\n"
      "  root: \"yes\"\n"
      "  note: \"a: \\\"b\\\" \\\\ #\"\n"
      "list:\n"
      "  - pretrain\n"
      "  - \"1\"\n"
      "none: []\n"
      "steps: 3\n";
  auto root = parse_yaml(text, "f.yaml");
  ASSERT_TRUE(root.ok()) << root.error().message;
  EXPECT_EQ(yaml_text(root.value()), text);
}

}  // namespace
}  // namespace nelumbo

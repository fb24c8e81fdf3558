// SPDX-License-Identifier: Apache-2.0
#include "configs/field_visitors.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

struct Wheel {
  int64_t spokes = 8;
  std::string kind = "wood";

  template <class V>
  void fields(V& v) {
    v(spokes, "spokes", "How many.", Positive{});
    v(kind, "kind", "Of what.", OneOf{"wood", "steel"});
  }

  Result<void> validate() const {
    if (kind == "steel" && spokes < 4)
      return Error{Errc::kInvalidConfig, "spokes: must be >= 4 for steel"};
    return {};
  }
};

struct Cart {
  Wheel wheel;
  double weight = 1.5;

  template <class V>
  void fields(V& v) {
    v(wheel, "wheel", "One of its wheels.");
    v(weight, "weight", "In tons.");
  }
};

/// All errors of a text, one a line.
std::string errors_of(const std::string& yaml) {
  auto root = parse_yaml(yaml, "f");
  const YamlNode defaults = tree_of(Cart{});
  ConfigReading reading(root.value(), defaults, "f");
  Cart cart;
  SectionReader::read_section(cart, &root.value(), "", reading);
  std::string all;
  for (const Problem& problem : reading.problems())
    all += problem.error().message + "\n";
  return all;
}

TEST(SectionReader, FillsWhatIsGivenAndKeepsTheRest) {
  auto root = parse_yaml("wheel: {spokes: 12}", "f");
  const YamlNode defaults = tree_of(Cart{});
  ConfigReading reading(root.value(), defaults, "f");
  Cart cart;
  SectionReader::read_section(cart, &root.value(), "", reading);
  EXPECT_TRUE(reading.problems().empty());
  EXPECT_EQ(cart.wheel.spokes, 12);
  EXPECT_EQ(cart.wheel.kind, "wood");
  EXPECT_EQ(cart.weight, 1.5);
}

TEST(SectionReader, ReportsEveryError) {
  EXPECT_EQ(errors_of("wheel: {spoks: 3, kind: steal}\nweight: heavy\n"),
            "f:1:9: wheel.spoks: unknown key (did you mean 'spokes'?)\n"
            "f:1:25: wheel.kind: must be one of wood, steel, not 'steal' (did you mean 'steel'?)\n"
            "f:2:9: weight: must be a finite number, not 'heavy'\n");
}

TEST(SectionReader, PlacesAContradictionAtItsField) {
  EXPECT_EQ(errors_of("wheel:\n  kind: steel\n  spokes: 3\n"),
            "f:3:11: wheel.spokes: must be >= 4 for steel\n");
}

TEST(SectionReader, FindsAKeyThatBelongsElsewhere) {
  EXPECT_EQ(errors_of("spokes: 3\n"),
            "f:1:1: spokes: unknown key (did you mean 'wheel.spokes'?)\n");
}

TEST(SectionReader, WantsASection) {
  EXPECT_EQ(errors_of("wheel: 3\n"), "f:1:8: wheel: must be a section with keys, not '3'\n");
  EXPECT_EQ(errors_of("[1]"), "f:1:1: must be a section with keys, not a list\n");
  EXPECT_EQ(errors_of("wheel:\n"), "");
}

TEST(SectionReader, ReportsAKeyGivenTwice) {
  EXPECT_EQ(errors_of("weight: 1\nweight: 2\n"), "f:2:1: weight: given twice, first at f:1:1\n");
}

TEST(TreeWriter, WritesEveryField) {
  EXPECT_EQ(yaml_text(tree_of(Cart{})), "wheel:\n  spokes: 8\n  kind: wood\nweight: 1.5\n");
}

TEST(RowWriter, DescribesEveryKeyOnce) {
  Cart cart;
  RowWriter rows("cart");
  cart.fields(rows);
  EXPECT_EQ(rows.rows(),
            "| `cart.wheel.spokes` | `8` | > 0 | How many. |\n"
            "| `cart.wheel.kind` | `wood` | one of wood, steel | Of what. |\n"
            "| `cart.weight` | `1.5` |  | In tons. |\n");
}

TEST(NodeAt, FollowsKeysAndIndices) {
  auto root = parse_yaml("a: {b: [x, y]}", "f");
  EXPECT_EQ(node_at(root.value(), "a.b.1")->text, "y");
  EXPECT_EQ(node_at(root.value(), ""), &root.value());
  for (const char* path : {"a.c", "a.b.2", "a.b.x", "a.b.0.z", "z"})
    EXPECT_EQ(node_at(root.value(), path), nullptr) << path;
}

}  // namespace
}  // namespace nelumbo

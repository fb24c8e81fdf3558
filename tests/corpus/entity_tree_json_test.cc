// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_tree_json.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

EntityTree small_tree() {
  EntitySources sources;
  sources.mesh = {{"D1", "Fever", {"C23"}, 1}};
  OboTerm term;
  term.id = "DOID:1";
  term.name = "odd fever";
  sources.terms = {term};
  auto tree = EntityTree::build(sources);
  return std::move(tree).value();
}

TEST(EntityTreeJson, CountsNodesByKindAndLevel) {
  const nlohmann::json counts = tree_json(small_tree(), 7);
  EXPECT_EQ(counts["names"], 7);
  EXPECT_EQ(counts["attached"], 1);
  EXPECT_EQ(counts["nodes"], small_tree().nodes().size());
  int64_t kinds = 0, levels = 0;
  for (const auto& [kind, count] : counts["kinds"].items())
    kinds += count.get<int64_t>();
  for (const auto& level : counts["levels"])
    levels += level.get<int64_t>();
  EXPECT_EQ(kinds, counts["nodes"]);
  EXPECT_EQ(levels, counts["nodes"]);
}

TEST(EntityTreeJson, SaysWhyATermHangsWhereItDoes) {
  const nlohmann::json line = nlohmann::json::parse(attachment_lines(small_tree()));
  EXPECT_EQ(line["id"], "DOID:1");
  EXPECT_FALSE(line["reason"].get<std::string>().empty());
  EXPECT_FALSE(line["above"].empty());
}

}  // namespace
}  // namespace nelumbo

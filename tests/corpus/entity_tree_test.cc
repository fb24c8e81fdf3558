// SPDX-License-Identifier: Apache-2.0
#include "corpus/entity_tree.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "base/check.h"

namespace nelumbo {
namespace {

const EntityTree& shipped() {
  static const EntityTree tree = [] {
    Result<EntityTree> read = read_entity_tree(NELUMBO_SOURCE_DIR "/data");
    NELUMBO_CHECK(read.ok()) << read.error().message;
    return std::move(read.value());
  }();
  return tree;
}

EntitySources small_sources() {
  EntitySources sources;
  sources.mesh = {{"D1", "Fever", {"C23.888.119"}, 2},
                  {"D2", "Signs", {"C23.888"}, 3},
                  {"D3", "Pathology", {"C23"}, 4},
                  {"D4", "Ichthyosis", {"C17", "C16"}, 5},
                  {"D5", "Male", {}, 6},
                  {"D6", "Syndrome", {"C22"}, 7}};
  return sources;
}

OboTerm term(const std::string& id, const std::string& name) {
  OboTerm made;
  made.id = id;
  made.name = name;
  made.line = 10;
  return made;
}

EntityTree built(const EntitySources& sources) {
  Result<EntityTree> tree = EntityTree::build(sources);
  NELUMBO_CHECK(tree.ok()) << tree.error().message;
  return std::move(tree.value());
}

std::string complaint(const EntitySources& sources) {
  const Result<EntityTree> tree = EntityTree::build(sources);
  if (tree)
    return "no complaint";
  EXPECT_EQ(tree.error().code, Errc::kBadData);
  return tree.error().message;
}

TEST(EntityTree, HoldsAllHeadingsAndLiveTermsOfTheShippedSets) {
  std::map<AttachRule, int64_t> rules;
  int64_t merged = 0;
  for (const Attachment& attachment : shipped().attachments()) {
    ++rules[attachment.rule];
    merged += attachment.node < 16 + 27455;
    EXPECT_FALSE(attachment.reason.empty());
    EXPECT_EQ(shipped().find(attachment.id), attachment.node);
  }
  EXPECT_EQ(std::ssize(shipped().attachments()), 3458 + 2);
  EXPECT_EQ(std::ssize(shipped().nodes()), 16 + 27455 + 3458 - (merged - 2));
  EXPECT_GT(rules[AttachRule::kSameXref], 900);
  EXPECT_GT(rules[AttachRule::kIsA], 1000);
  EXPECT_LT(rules[AttachRule::kBranch], 300);
}

TEST(EntityTree, LeadsFromEveryNodeToABranchInFiveLevels) {
  for (int64_t i = 0; i < std::ssize(shipped().nodes()); ++i) {
    const std::vector<int64_t> path = shipped().working_path(i);
    ASSERT_GE(path.size(), 1U);
    ASSERT_LE(path.size(), 5U);
    EXPECT_EQ(shipped().node(path.front()).depth, 0);
    EXPECT_EQ(path.back(), i);
  }
}

TEST(EntityTree, KnowsAHeadingByTheIdOfItsTerm) {
  const auto fever = shipped().find("DOID:0050052");
  ASSERT_TRUE(fever.has_value());
  const EntityNode& node = shipped().node(*fever);
  EXPECT_EQ(node.name, "Rocky Mountain Spotted Fever");
  EXPECT_EQ(node.id, "D012373");
  EXPECT_NE(std::find(node.synonyms.begin(), node.synonyms.end(), "Tick typhus"),
            node.synonyms.end());
}

TEST(EntityTree, GivesEnoughNamesToAMatcher) {
  EXPECT_GE(NameMatcher(shipped().names()).names(), 40'000);
}

TEST(EntityTree, TakesParentsFromTreeNumbers) {
  const EntityTree tree = built(small_sources());
  const EntityNode& fever = tree.node(*tree.find("D1"));
  EXPECT_EQ(fever.kind, EntityKind::kSymptom);
  EXPECT_EQ(fever.depth, 3);
  EXPECT_EQ(tree.node(fever.parents.front()).id, "D2");
  EXPECT_EQ(tree.working_path(*tree.find("D1")),
            (std::vector<int64_t>{*tree.find("C"), *tree.find("D2"), *tree.find("D1")}));
  EXPECT_EQ(tree.node(tree.node(*tree.find("D5")).parents.front()).id, "M");
}

struct Case {
  OboTerm term;
  AttachRule rule;
  const char* above;  ///< or what it is part of
};

TEST(EntityTree, HangsATermByTheFirstRuleThatFits) {
  std::vector<Case> cases;
  cases.push_back({term("A:1", "mild skin"), AttachRule::kSameXref, "D4"});
  cases.back().term.xrefs = {"MESH:D4"};
  cases.push_back({term("A:2", "fever"), AttachRule::kSameName, "D1"});
  cases.push_back({term("A:3", "heat"), AttachRule::kSameSynonym, "D1"});
  cases.back().term.synonyms = {{"Fevers", SynonymScope::kExact}};
  cases.push_back({term("A:4", "dry skin"), AttachRule::kIsA, "A:10"});
  cases.back().term.is_a = {"A:10", "A:404"};
  cases.push_back({term("A:5", "X-linked ichthyosis 2"), AttachRule::kHead, "D4"});
  cases.push_back({term("A:6", "Y"), AttachRule::kGenus, "D4"});
  cases.back().term.definition = "An ichthyosis that itches.";
  cases.push_back({term("A:7", "fever of goats"), AttachRule::kWithin, "D1"});
  cases.push_back({term("A:8", "Z syndrome"), AttachRule::kGeneral, "D6"});
  cases.push_back({term("A:9", "zebra stripes"), AttachRule::kBranch, "C"});
  cases.push_back({term("A:10", "flaking"), AttachRule::kBranch, "C"});
  EntitySources sources = small_sources();
  for (const Case& one : cases)
    sources.terms.push_back(one.term);
  const EntityTree tree = built(sources);
  for (const Case& one : cases) {
    const auto log = std::find_if(tree.attachments().begin(), tree.attachments().end(),
                                  [&](const Attachment& a) { return a.id == one.term.id; });
    ASSERT_NE(log, tree.attachments().end());
    EXPECT_EQ(log->rule, one.rule) << one.term.id << ": " << log->reason;
    const EntityNode& node = tree.node(log->node);
    EXPECT_EQ(node.id == one.term.id ? tree.node(node.parents.front()).id : node.id, one.above);
  }
}

TEST(EntityTree, HangsTermsThatShareAHeadingBelowIt) {
  EntitySources sources = small_sources();
  for (const char* id : {"A:1", "A:2"}) {
    sources.terms.push_back(term(id, std::string("kind ") + id));
    sources.terms.back().xrefs = {"MESH:D4"};
  }
  const EntityTree tree = built(sources);
  EXPECT_EQ(tree.attachments().back().rule, AttachRule::kBelowXref);
  EXPECT_EQ(tree.node(*tree.find("A:1")).parents, std::vector<int64_t>{*tree.find("D4")});
}

TEST(EntityTree, LeavesObsoleteTermsAndBroadSynonymsOut) {
  EntitySources sources = small_sources();
  sources.terms = {term("A:1", "old"), term("A:2", "goat fever")};
  sources.terms[0].obsolete = true;
  sources.terms[1].synonyms = {{"illness", SynonymScope::kBroad}, {"GF", SynonymScope::kExact}};
  const EntityTree tree = built(sources);
  EXPECT_FALSE(tree.find("A:1").has_value());
  EXPECT_EQ(tree.node(*tree.find("A:2")).synonyms, std::vector<std::string>{"GF"});
}

TEST(EntityTree, RefusesACycleAndNamesItsIds) {
  EntitySources sources = small_sources();
  sources.terms = {term("A:1", "a"), term("A:2", "b"), term("A:3", "c")};
  sources.terms[1].is_a = {"A:3"};
  sources.terms[2].is_a = {"A:2"};
  EXPECT_EQ(complaint(sources),
            "terms.obo:10: is_a runs in a cycle, A:2 -> A:3 -> A:2; delete one of these is_a");
}

TEST(EntityTree, RefusesHeadingsBelowOneAnother) {
  EntitySources sources;
  sources.mesh = {{"D1", "a", {"C01", "C02.100"}, 2}, {"D2", "b", {"C02", "C01.100"}, 3}};
  EXPECT_EQ(complaint(sources),
            "terms.tsv:2: the places of D1 -> D2 -> D1 lie below one another; correct one of their "
            "places in tree-numbers.tsv");
}

TEST(EntityTree, RefusesWhatHasNoNameOrNoIdOfItsOwn) {
  EntitySources sources = small_sources();
  sources.mesh[1].name = " ";
  EXPECT_EQ(complaint(sources), "terms.tsv:3: D2 has no name; add it or delete the entity");
  sources = small_sources();
  sources.terms = {term("A:1", "")};
  EXPECT_EQ(complaint(sources), "terms.obo:10: A:1 has no name; add it or delete the entity");
  sources.terms = {term("D1", "x")};
  EXPECT_EQ(complaint(sources), "terms.obo:10: the id D1 is taken; delete one of the two");
  sources = small_sources();
  sources.mesh[0].tree_numbers = {"C99.888"};
  EXPECT_TRUE(complaint(sources).starts_with("terms.tsv:2: nothing is above the place C99.888"));
}

}  // namespace
}  // namespace nelumbo

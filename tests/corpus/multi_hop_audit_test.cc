// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_audit.h"

#include <utility>

#include <gtest/gtest.h>

#include "tests/support/small_graph.h"

namespace nelumbo {
namespace {

MultiHopAudit audit(MultiHopItem item, const std::vector<OboTerm>& terms = small_terms()) {
  const std::vector<MultiHopItem> items{std::move(item)};
  return audit_multi_hop(extract_relations(terms, {}), items);
}

int64_t faults(const MultiHopAudit& audit, MultiHopFault fault) {
  return audit.faults[static_cast<size_t>(fault)];
}

TEST(MultiHopAudit, LetsASoundItemThrough) {
  const MultiHopAudit found = audit(small_item());
  EXPECT_TRUE(found.ok()) << found.complaints.front();
  EXPECT_EQ(found.by_hops.at(4), 1);
  EXPECT_EQ(found.by_hidden_hops.at(4), 1);
  EXPECT_EQ(found.by_difficulty.at(2), 1);
  EXPECT_EQ(found.by_relation.at("has_gene"), 2);
}

TEST(MultiHopAudit, FindsAShorterWay) {
  std::vector<OboTerm> terms = small_terms();
  for (OboTerm& term : terms)
    if (term.id == "D:11")
      term.is_a.emplace_back("D:21");
  const MultiHopAudit found = audit(small_item(), terms);
  EXPECT_EQ(faults(found, MultiHopFault::kShortcut), 1);
  EXPECT_FALSE(found.ok());
}

TEST(MultiHopAudit, FindsASecondPath) {
  std::vector<OboTerm> terms = small_terms();
  terms.push_back(
      obo_term("D:41", "deltosis",
               "An X that has_material_basis_in mutation in the DDD1 gene on chromosome 1p11."));
  EXPECT_EQ(faults(audit(small_item(), terms), MultiHopFault::kAmbiguous), 1);
}

TEST(MultiHopAudit, FindsAHiddenNameInTheText) {
  MultiHopItem item = small_item();
  item.question.insert(item.question.find(", then another disease"), ": bbb1");
  EXPECT_EQ(faults(audit(item), MultiHopFault::kLeak), 1);
}

TEST(MultiHopAudit, FindsASynonymInTheText) {
  std::vector<OboTerm> terms = small_terms();
  for (OboTerm& term : terms)
    if (term.id == "D:21")
      term.synonyms.push_back({"that band", SynonymScope::kRelated});
  EXPECT_EQ(faults(audit(small_item(), terms), MultiHopFault::kLeak), 1);
}

TEST(MultiHopAudit, FindsAStepThatIsNoFact) {
  MultiHopItem item = small_item();
  item.path.back() = {"D:22", "late betosis", false};
  EXPECT_EQ(faults(audit(item), MultiHopFault::kForm), 1);
}

TEST(MultiHopAudit, FindsAQuestionThatIsAskedTwice) {
  const std::vector<MultiHopItem> items{small_item(), small_item()};
  const MultiHopAudit found = audit_multi_hop(small_relations(), items);
  EXPECT_EQ(faults(found, MultiHopFault::kForm), 1);
  EXPECT_EQ(found.items, 2);
}

TEST(MultiHopAudit, FindsAMaskThatHidesNothing) {
  MultiHopItem item = small_item();
  item.path[3].shown = true;
  EXPECT_EQ(faults(audit(item), MultiHopFault::kForm), 1);
}

TEST(MultiHopAudit, FindsAPathThatOnlyClimbs) {
  MultiHopItem item;
  item.id = "climb";
  item.path = {{"D:11", "pale skin alphosis", true},
               {"D:1", "alphosis", false},
               {"D:12", "dark skin alphosis", false}};
  item.hops = {{Relation::kIsA, false}, {Relation::kIsA, true}};
  item.question =
      "Start at pale skin alphosis. Take its parent, then another child of it. What is it?";
  item.choices = {"dark skin alphosis", "tremor"};
  EXPECT_EQ(faults(audit(item), MultiHopFault::kHierarchy), 1);
}

TEST(MultiHopAudit, FindsUnfairChoices) {
  for (const std::vector<std::string>& choices :
       {std::vector<std::string>{"late betosis", "winter gammosis"},
        {"early betosis", "late betosis", "Late Betosis"},
        {"early betosis", "pale skin alphosis"},
        {"early betosis"}}) {
    MultiHopItem item = small_item();
    item.choices = choices;
    EXPECT_EQ(faults(audit(item), MultiHopFault::kChoices), 1) << choices.back();
  }
}

}  // namespace
}  // namespace nelumbo

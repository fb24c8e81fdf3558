// SPDX-License-Identifier: Apache-2.0
#include "corpus/faults.h"

#include <set>

#include <gtest/gtest.h>

#include "corpus/normalisation.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

const std::string kText =
    "Fast anterograde transport occurs by the kinesin motor and retrograde transport occurs by the "
    "dynein motor, at 400 mm and 200 mm a day. The patient's nerve shows both kinds.";

/// `count` faults of one kind.
std::vector<FaultyText> some(Fault fault, FaultSet set, int count = 20) {
  std::vector<FaultyText> made;
  made.reserve(static_cast<size_t>(count));
  Random random(1, Purpose::kControl);
  for (int i = 0; i < count; ++i)
    made.push_back(make_fault(fault, set, kText, random));
  return made;
}

TEST(Faults, DamageTheTextInBothSets) {
  for (const Fault fault : kAllFaults)
    for (const FaultSet set : {FaultSet::kOpen, FaultSet::kHeldOut})
      for (const FaultyText& faulty : some(fault, set)) {
        EXPECT_FALSE(faulty.text.empty()) << fault_name(fault);
        EXPECT_TRUE(faulty.text != kText || fault == Fault::kDuplicate) << fault_name(fault);
      }
}

TEST(Faults, AreTheSameForTheSameStream) {
  for (const Fault fault : kAllFaults) {
    Random one(9, Purpose::kControl), other(9, Purpose::kControl);
    EXPECT_EQ(make_fault(fault, FaultSet::kOpen, kText, one).text,
              make_fault(fault, FaultSet::kOpen, kText, other).text);
  }
}

TEST(Faults, DifferBetweenTheSets) {
  for (const Fault fault : kAllFaults) {
    if (fault == Fault::kFragment)  // few words are few words
      continue;
    std::set<std::string> open;
    for (const FaultyText& faulty : some(fault, FaultSet::kOpen))
      open.insert(faulty.text);
    for (const FaultyText& faulty : some(fault, FaultSet::kHeldOut))
      EXPECT_FALSE(open.contains(faulty.text)) << fault_name(fault);
  }
}

TEST(Faults, OfADuplicateAreInItsDressAlone) {
  for (const FaultSet set : {FaultSet::kOpen, FaultSet::kHeldOut})
    for (const FaultyText& faulty : some(Fault::kDuplicate, set))
      EXPECT_EQ(text_key(normalised(faulty.text).text), text_key(kText));
}

TEST(Faults, KeepWhatAPerfectRepairGives) {
  for (const FaultyText& faulty : some(Fault::kMarkup, FaultSet::kOpen))
    EXPECT_EQ(faulty.mended, kText);
  for (const FaultyText& faulty : some(Fault::kFragment, FaultSet::kOpen))
    EXPECT_EQ(faulty.mended, "");
}

TEST(Faults, AreWellFormedText) {
  for (const Fault fault : kAllFaults)
    for (const FaultyText& faulty : some(fault, FaultSet::kHeldOut))
      EXPECT_EQ(utf8_of(characters_of(faulty.text)), faulty.text) << fault_name(fault);
}

}  // namespace
}  // namespace nelumbo

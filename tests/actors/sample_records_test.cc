// SPDX-License-Identifier: Apache-2.0
#include "actors/sample_records.h"

#include <gtest/gtest.h>

#include "tests/support/fake_policy.h"

namespace nelumbo {
namespace {

TEST(SampleRecords, NameEachSampleOfAGroup) {
  GroupRequest request;
  request.id = GroupId{7};
  request.samples = 2;
  EXPECT_EQ(records_of(request, 3, Fate::kLeased, 9),
            (std::vector<LedgerRecord>{{{7, 0, 3}, Fate::kLeased, 9, 0, ""},
                                       {{7, 1, 3}, Fate::kLeased, 9, 0, ""}}));
}

TEST(SampleRecords, KeepTheOutcomeOfEachSample) {
  ScoredGroup scored = fake_scored(5, {0.25, 0});
  scored.outcomes[1].kind = Outcome::Kind::kTimeout;
  EXPECT_EQ(
      score_records(scored, 1),
      (std::vector<LedgerRecord>{
          {{5, 0, 1}, Fate::kScored, 0, 0.25, ""},
          {{5, 1, 1}, Fate::kScored, static_cast<uint64_t>(Outcome::Kind::kTimeout), 0, ""}}));
}

}  // namespace
}  // namespace nelumbo

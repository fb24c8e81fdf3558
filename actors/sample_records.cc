// SPDX-License-Identifier: Apache-2.0
#include "actors/sample_records.h"

namespace nelumbo {

std::vector<LedgerRecord> records_of(const GroupRequest& request, uint32_t incarnation, Fate fate,
                                     uint64_t number) {
  std::vector<LedgerRecord> records;
  records.reserve(static_cast<size_t>(request.samples));
  for (int32_t i = 0; i < request.samples; ++i)
    records.push_back({{static_cast<uint64_t>(request.id), static_cast<uint32_t>(i), incarnation},
                       fate,
                       number,
                       0,
                       ""});
  return records;
}

std::vector<LedgerRecord> score_records(const ScoredGroup& scored, uint32_t incarnation) {
  std::vector<LedgerRecord> records;
  for (size_t i = 0; i < scored.outcomes.size(); ++i)
    records.push_back(
        {{static_cast<uint64_t>(scored.group->id), static_cast<uint32_t>(i), incarnation},
         Fate::kScored,
         static_cast<uint64_t>(scored.outcomes[i].kind),
         scored.outcomes[i].total,
         ""});
  return records;
}

}  // namespace nelumbo

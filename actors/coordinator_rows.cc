// SPDX-License-Identifier: Apache-2.0
#include "actors/coordinator_rows.h"

namespace nelumbo {

Activity rollout_row(const RolloutSight& sight) {
  Activity row{sight.who};
  if (sight.version)
    row.version = static_cast<uint64_t>(*sight.version);
  if (sight.current && sight.version != sight.current) {
    row.waits = true;
    row.what = "its process, and weights " + std::to_string(static_cast<uint64_t>(*sight.current));
  } else if (sight.groups > 0) {
    row.what = "answers";
  } else {
    row.waits = true;
    row.what = sight.current ? "groups" : "the first weights";
  }
  if (sight.rests)
    row.what += " (slow: gets none for a while)";
  row.queue = sight.groups;
  row.seconds = sight.seconds;
  if (sight.lived > 0)
    row.rate = static_cast<double>(sight.delivered) / sight.lived;
  return row;
}

Activity reward_row(int64_t actors, int64_t scoring) {
  return {.who = "reward actors (" + std::to_string(actors) + ")",
          .waits = scoring == 0,
          .what = scoring == 0 ? "groups" : "score",
          .queue = scoring};
}

}  // namespace nelumbo

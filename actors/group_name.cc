// SPDX-License-Identifier: Apache-2.0
#include "actors/group_name.h"

namespace nelumbo {

GroupId group_id(int64_t step, int64_t round, size_t place) {
  return GroupId{static_cast<uint64_t>(step) << 24 | static_cast<uint64_t>(round) << 16 | place};
}

GroupName group_name(GroupId id) {
  const auto number = static_cast<uint64_t>(id);
  return {static_cast<int64_t>(number >> 24), static_cast<int64_t>(number >> 16 & 0xff),
          number & 0xffff};
}

uint64_t request_seed(int64_t seed, Purpose purpose, uint64_t a, uint32_t b) {
  Random random(static_cast<uint64_t>(seed), purpose, a, b);
  const uint64_t high = random.bits();
  return high << 32 | random.bits();
}

}  // namespace nelumbo

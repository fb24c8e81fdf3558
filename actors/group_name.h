// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/rng.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// Names a group that is drawn for a step, so that a repeated step has the same ids.
/// REQUIRES: round < 256, place < 65536.
GroupId group_id(int64_t step, int64_t round, size_t place);
/// What that name was made of.
struct GroupName {
  int64_t step = 0;
  int64_t round = 0;
  size_t place = 0;
};
GroupName group_name(GroupId id);
/// The step of that name.
inline int64_t step_of(GroupId id) {
  return group_name(id).step;
}

/// The seed of what is drawn for (run seed, what for, a, b).
uint64_t request_seed(int64_t seed, Purpose purpose, uint64_t a, uint32_t b);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// Why there is always a batch that will do. Let n(d) be the groups due by version d, v the version
// now, B the batch and S the staleness. Held is n(d) <= (d - v + 1) B for each d from v to v + S:
//
//   admission   adds to n(v + S) alone, and (S + 1) B slots bound that
//   a batch     takes at least n(d) - (d - v) B groups due by d, which is at most B for each d;
//               what is left is at most (d - v) B, which is the bound at version v + 1
//   a drop      only makes n smaller, and a version that does not come makes the bounds larger
//
// With d = v: whatever is due now is in the batch, so nothing is ever late. Those that a batch must
// take and that have not arrived are being drawn, so waiting ends.
#include "actors/staleness_book.h"

#include <algorithm>

#include "base/check.h"

namespace nelumbo {

void StalenessBook::admit(GroupId id, uint64_t version) {
  NELUMBO_CHECK(room() > 0) << "a group was admitted beyond rl.max_staleness";
  const uint64_t due = version + static_cast<uint64_t>(staleness_);
  NELUMBO_CHECK(due >= version_) << "a group was admitted too late to be trained";
  NELUMBO_CHECK(due_.emplace(id, due).second)
      << "group " << static_cast<uint64_t>(id) << " was admitted twice";
}

std::vector<int64_t> StalenessBook::owed() const {
  std::vector<int64_t> owed(static_cast<size_t>(staleness_) + 1, 0);
  for (const auto& [id, due] : due_)
    ++owed[due - version_];
  int64_t until = 0;
  for (size_t i = 0; i < owed.size(); ++i) {
    until += owed[i];
    owed[i] = std::max<int64_t>(0, until - static_cast<int64_t>(i) * batch_);
  }
  return owed;
}

std::optional<std::vector<GroupId>> StalenessBook::batch(bool fewer) const {
  std::vector<int64_t> owed = this->owed();
  std::vector<GroupId> taken;
  for (const GroupId id : arrived_) {
    if (std::ssize(taken) == batch_)
      break;
    const uint64_t own = due_.at(id) - version_;
    const int64_t left = batch_ - std::ssize(taken) - 1;  // places, if it is taken
    const auto sooner = owed.begin() + static_cast<int64_t>(own);
    if (std::any_of(owed.begin(), sooner, [&](int64_t more) { return more > left; }))
      continue;
    taken.push_back(id);
    std::for_each(sooner, owed.end(), [](int64_t& more) { more = std::max<int64_t>(0, more - 1); });
  }
  const bool in_time = std::ranges::all_of(owed, [](int64_t more) { return more == 0; });
  if (in_time && (fewer || std::ssize(taken) == batch_))
    return taken;
  return std::nullopt;
}

void StalenessBook::advance(const std::vector<GroupId>& trained, uint64_t version) {
  for (const GroupId id : trained) {
    due_.erase(id);
    std::erase(arrived_, id);
  }
  version_ = version;
  for (const auto& [id, due] : due_)
    NELUMBO_CHECK(due >= version) << "a group is older than rl.max_staleness";
}

}  // namespace nelumbo

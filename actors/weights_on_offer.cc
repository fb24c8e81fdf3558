// SPDX-License-Identifier: Apache-2.0
#include "actors/weights_on_offer.h"

#include <span>
#include <utility>

#include "actors/wire.h"

namespace nelumbo {

WeightsOnOffer::~WeightsOnOffer() {
  if (version_)
    channel_.withdraw(offered_.ref);
}

OfferedWeights WeightsOnOffer::offer(const Shared<WeightSet>& weights, PolicyVersion version) {
  const std::lock_guard lock(guard_);
  if (version_ == version)
    return offered_;
  if (version_)
    channel_.withdraw(offered_.ref);
  const auto bytes = share(to_wire(*weights));
  offered_.ref = channel_.offer(bytes);
  offered_.near = near_ ? lay_out(*bytes, offered_.ref.hash) : "";
  version_ = version;
  return offered_;
}

std::string WeightsOnOffer::lay_out(std::span<const char> bytes, uint64_t hash) {
  turn_ = 1 - turn_;
  std::optional<MemoryFile>& file = files_[turn_];
  if (!file)
    if (auto made = MemoryFile::create())
      file.emplace(std::move(made).value());
  return file && file->write(bytes, hash) ? file->path() : "";
}

std::optional<WeightSet> weights_nearby(const OfferedWeights& offered) {
  if (offered.near.empty())
    return std::nullopt;
  const auto mapped = MappedMemory::open(offered.near, offered.ref.size, offered.ref.hash);
  if (!mapped)
    return std::nullopt;
  auto weights = from_wire<WeightSet>(mapped.value().bytes());
  if (!weights || !mapped.value().unchanged())  // replaced in the middle of reading
    return std::nullopt;
  return std::move(weights).value();
}

}  // namespace nelumbo

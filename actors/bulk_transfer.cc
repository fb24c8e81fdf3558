// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_transfer.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace nelumbo {
namespace {

constexpr int kMostWrong = 3;
constexpr std::chrono::seconds kPatience{1};
constexpr std::chrono::seconds kMostPatience{8};
constexpr BulkTransfer::Time kAtOnce = BulkTransfer::Time::min();

}  // namespace

BulkTransfer::BulkTransfer(std::string peer, BulkRef ref, uint64_t chunk_bytes)
    : peer_(std::move(peer)), ref_(ref), chunk_bytes_(chunk_bytes) {
  NELUMBO_CHECK(chunk_bytes_ > 0) << "chunks have bytes";
  chunks_ = std::max<uint64_t>(1, ref.size / chunk_bytes_ + (ref.size % chunk_bytes_ != 0));
}

BulkTransfer::Chunk BulkTransfer::chunk(uint64_t index) const {
  const uint64_t offset = index * chunk_bytes_;
  return {offset, std::min(chunk_bytes_, ref_.size - offset)};
}

std::optional<BulkTransfer::Chunk> BulkTransfer::next() const {
  if (next_chunk_ == chunks_)
    return std::nullopt;
  return chunk(next_chunk_);
}

void BulkTransfer::ask_next(Time now) {
  NELUMBO_CHECK(next_chunk_ < chunks_) << "no chunk is left to ask for";
  if (!begun())
    last_ = now;
  asked_[chunk(next_chunk_).offset] = {.due = now + kPatience, .patience = kPatience};
  ++next_chunk_;
}

std::vector<BulkTransfer::Chunk> BulkTransfer::ask_again(Time now) {
  std::vector<Chunk> due;
  for (auto& [offset, asked] : asked_) {
    if (asked.due > now)
      continue;
    if (asked.due != kAtOnce)
      asked.patience = std::min(2 * asked.patience, kMostPatience);
    asked.due = now + asked.patience;
    due.push_back(chunk(offset / chunk_bytes_));
  }
  return due;
}

void BulkTransfer::put_off(uint64_t offset) {
  if (const auto asked = asked_.find(offset); asked != asked_.end())
    asked->second.due = kAtOnce;
}

Result<bool> BulkTransfer::take(const BulkHeader& header, std::span<const std::byte> payload,
                                Time now) {
  const auto asked = asked_.find(header.offset);
  if (asked == asked_.end() || header.object != ref_.object)
    return false;
  const Chunk expected = chunk(header.offset / chunk_bytes_);
  if (header.length != expected.length || payload.size() != expected.length ||
      xxh3_64(payload) != header.hash) {
    if (++asked->second.wrong == kMostWrong)
      return failure(Errc::kBadData, "this chunk came with a wrong hash or size " +
                                         std::to_string(kMostWrong) + " times");
    asked->second.due = kAtOnce;
    return false;
  }
  if (!keep(header.offset, payload))
    return failure(Errc::kEnvironment, "no memory for it");
  asked_.erase(asked);
  last_ = now;
  return true;
}

bool BulkTransfer::keep(uint64_t offset, std::span<const std::byte> payload) {
  try {
    bytes_.reserve(ref_.size);
  } catch (const std::bad_alloc&) {
    return false;
  } catch (const std::length_error&) {
    return false;
  }
  if (bytes_.size() < offset)
    bytes_.resize(offset);
  const auto* from = reinterpret_cast<const char*>(payload.data());
  const size_t over = std::min<size_t>(payload.size(), bytes_.size() - offset);
  if (over > 0)
    std::memcpy(bytes_.data() + offset, from, over);
  bytes_.insert(bytes_.end(), from + over, from + payload.size());
  return true;
}

Result<std::vector<char>> BulkTransfer::finish() {
  NELUMBO_CHECK(complete()) << "chunks are missing";
  if (xxh3_64(std::as_bytes(std::span(bytes_))) != ref_.hash)
    return failure(Errc::kBadData, "all chunks came, but together they are not what was offered");
  return std::move(bytes_);
}

Error BulkTransfer::failure(Errc code, const std::string& why) const {
  const uint64_t first =
      asked_.empty() ? std::min(next_chunk_ * chunk_bytes_, ref_.size) : asked_.begin()->first;
  return Error{code, "object " + std::to_string(ref_.object) + " from " +
                         (peer_.empty() ? "the end that listens" : "'" + peer_ + "'") +
                         ", at byte " + std::to_string(first) + " of " + std::to_string(ref_.size) +
                         ": " + why};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_transfer.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

#include <sys/mman.h>

#include "base/check.h"
#include "base/hash.h"

namespace nelumbo {
namespace {

constexpr int kMostWrong = 3;
constexpr std::chrono::seconds kPatience{1};
constexpr std::chrono::seconds kMostPatience{8};
constexpr BulkTransfer::Time kAtOnce = BulkTransfer::Time::min();

}  // namespace

std::vector<uint64_t> chunk_hashes(std::span<const std::byte> bytes, uint64_t chunk_bytes) {
  std::vector<uint64_t> hashes;
  size_t at = 0;
  do {
    const size_t size = std::min<size_t>(chunk_bytes, bytes.size() - at);
    hashes.push_back(xxh3_64(bytes.subspan(at, size)));
    at += size;
  } while (at < bytes.size());
  return hashes;
}

uint64_t object_hash(std::span<const uint64_t> chunks) {
  return xxh3_64(std::as_bytes(chunks));
}

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
  const uint64_t index = header.offset / chunk_bytes_;
  if (hashes_.size() <= index)
    hashes_.resize(index + 1);
  hashes_[index] = header.hash;
  asked_.erase(asked);
  last_ = now;
  return true;
}

bool BulkTransfer::keep(uint64_t offset, std::span<const std::byte> payload) {
  try {
    reserve();
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

/// The whole buffer, in large pages where the system gives some: a page that is touched for the
/// first time costs as much as a copy of it.
void BulkTransfer::reserve() {
  constexpr uintptr_t kLargePage = uintptr_t{2} << 20;
  if (bytes_.capacity() >= ref_.size)
    return;
  bytes_.reserve(ref_.size);
  const auto begin = reinterpret_cast<uintptr_t>(bytes_.data());
  const uintptr_t first = (begin + kLargePage - 1) / kLargePage * kLargePage;
  const uintptr_t last = (begin + bytes_.capacity()) / kLargePage * kLargePage;
  if (first < last)
    ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

Result<std::vector<char>> BulkTransfer::finish() {
  NELUMBO_CHECK(complete()) << "chunks are missing";
  if (object_hash(hashes_) != ref_.hash)
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

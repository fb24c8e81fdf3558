// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/bulk_wire.h"
#include "base/error.h"

namespace nelumbo {

/// The XXH3-64 of each chunk of an object, in order; an object without bytes has one chunk.
std::vector<uint64_t> chunk_hashes(std::span<const std::byte> bytes, uint64_t chunk_bytes);
/// What names all of an object: the XXH3-64 of its chunks' hashes, as they lie in memory. Who has
/// checked every chunk need not read the bytes again to check the whole.
uint64_t object_hash(std::span<const uint64_t> chunks);

/// Names bytes that one end offers. `object` is never used again by that end; `hash` is the
/// `object_hash` of all `size` bytes.
struct BulkRef {
  uint64_t object = 0;
  uint64_t size = 0;
  uint64_t hash = 0;

  bool operator==(const BulkRef&) const = default;
};

/// One object on its way in: which chunks to ask for, and the buffer that they end in. It knows no
/// socket and no thread, and time is an argument.
///
/// The buffer is reserved once, when the first right chunk comes; chunks that come in order are
/// appended, so that no byte of it is written before its own.
class BulkTransfer {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Chunk {
    uint64_t offset = 0;
    uint64_t length = 0;

    bool operator==(const Chunk&) const = default;
  };

  /// `peer` is only named in errors. REQUIRES: chunk_bytes > 0.
  BulkTransfer(std::string peer, BulkRef ref, uint64_t chunk_bytes);

  const BulkRef& ref() const { return ref_; }
  /// Chunks asked for and not here yet.
  size_t in_flight() const { return asked_.size(); }
  bool begun() const { return next_chunk_ > 0; }
  bool complete() const { return next_chunk_ == chunks_ && asked_.empty(); }

  /// The next chunk that was never asked for; an object without bytes has one, without bytes.
  std::optional<Chunk> next() const;
  /// REQUIRES: `next()` had a chunk. That one has been asked for.
  void ask_next(Time now);
  /// Chunks that came wrong, were put off, or are late, which is a second after they were asked
  /// for, then two, four and eight: a slow peer is not drowned. Now they have been asked for again.
  std::vector<Chunk> ask_again(Time now);
  /// The chunk at `offset` could not be asked for after all: `ask_again` gives it at once.
  void put_off(uint64_t offset);

  /// Keeps the chunk and says true. False: it was never asked for, is here already, or is not what
  /// its hash says and has to be asked for again. An error ends the transfer: kBadData after three
  /// wrong ones at the same offset, kEnvironment without memory.
  Result<bool> take(const BulkHeader& header, std::span<const std::byte> payload, Time now);

  /// All bytes, or kBadData when they are not those of `ref`. REQUIRES: complete().
  Result<std::vector<char>> finish();

  /// When a chunk was last kept, or the first one asked for. REQUIRES: begun().
  Time last() const { return last_; }
  /// An error that names object, peer and the first offset that is not here.
  Error failure(Errc code, const std::string& why) const;

 private:
  struct Asked {
    Time due;
    std::chrono::seconds patience;
    int wrong = 0;
  };

  Chunk chunk(uint64_t index) const;
  bool keep(uint64_t offset, std::span<const std::byte> payload);
  void reserve();

  std::string peer_;
  BulkRef ref_;
  uint64_t chunk_bytes_;
  uint64_t chunks_;
  uint64_t next_chunk_ = 0;
  std::map<uint64_t, Asked> asked_;  // by offset
  std::vector<char> bytes_;
  std::vector<uint64_t> hashes_;  ///< of the chunks that are kept; else 0
  Time last_;
};

}  // namespace nelumbo

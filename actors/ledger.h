// SPDX-License-Identifier: Apache-2.0
#pragma once

// ledger.bin: what became of every sample, for ever.
//
//   file    = header record*
//   header  = "NELUMBO-LEDGER" u16(2)  u64 run                 24 bytes
//   record  = u32 length  u32 crc  u64 previous  payload       length counts the payload
//   payload = u8 version(1)  u8 fate  u64 group  u32 sample  u32 incarnation
//             u64 number  f64 total  u8 reason length  reason
//
// Integers are little-endian. `run` is the XXH3-64 of what the ledger is of. `crc` is the CRC-32C
// of `previous` and payload. `previous` is the XXH3-64 of the whole record before it (of the header
// for the first), so that a record can neither change nor vanish unseen. Bad bytes behind which no
// good record follows are a torn tail, which opening cuts; bad bytes in front of a good record are
// an error that names the offset.

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// Names one sample for ever. A run that is resumed has a new incarnation, so that a redone sample
/// is a new one.
struct SampleId {
  uint64_t group = 0;
  uint32_t sample = 0;
  uint32_t incarnation = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): the zero that an order is compared with is no pointer
  auto operator<=>(const SampleId&) const = default;
};

/// The stations of a sample, in order; the last two end it.
enum class Fate : uint8_t {
  kIssued = 1,
  kLeased,     ///< number: the session of the rollout actor; again after a failure
  kGenerated,  ///< number: the policy version that drew it
  kScored,     ///< number: kind of outcome; total: the reward
  kBatched,    ///< number: the step that trains it
  kCommitted,  ///< number: the step that trained it
  kDropped,    ///< reason: why it does not train
};

/// One event. Example: {{group 7, sample 2, incarnation 1}, kScored, 0, 0.75, ""}.
struct LedgerRecord {
  SampleId id;
  Fate fate = Fate::kIssued;
  uint64_t number = 0;
  double total = 0;
  std::string reason;  ///< at most 255 bytes are kept

  bool operator==(const LedgerRecord&) const = default;
};

/// Always issued == committed + dropped + in_flight.
struct LedgerCounts {
  int64_t issued = 0;
  int64_t committed = 0;
  int64_t dropped = 0;
  int64_t in_flight = 0;

  bool operator==(const LedgerCounts&) const = default;
};

/// What a ledger's file says, for people and programs that only look at it.
struct LedgerReading {
  std::vector<LedgerRecord> records;  ///< oldest first
  LedgerCounts counts;
  uint32_t incarnations = 0;  ///< times that the run was begun or gone on with
  int64_t torn_bytes = 0;     ///< behind the last whole record: a write was cut short, or goes on
};

/// Reads a ledger and changes nothing; a run may be writing it. kBadData, with the offset or the
/// sample, for a torn middle and for events that cannot follow one another.
Result<LedgerReading> read_ledger(const std::string& path);

/// What a run knows of its ledger.
struct LedgerClaim {
  std::string run = "";  ///< whose it is: config_hash() and id() of its RunDirectory
  int64_t least = 0;     ///< bytes that were durable when the checkpoint was made
};

/// The durable record of every sample's fate. One thread owns it.
///
/// Appended records reach the disk together: at the 1,024th, at the first append 50 ms after the
/// last write, or on `commit`.
class Ledger {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// Opens or creates the file. A torn tail is cut, see `cut_bytes`; a torn middle is kBadData, and
  /// so are the ledger of another run, and fewer whole bytes than are claimed: those were durable,
  /// and something else took them.
  static Result<std::unique_ptr<Ledger>> open(const std::string& path, Clock clock,
                                              const LedgerClaim& claim = {});
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Adds one event, or says why it is impossible: a sample that was never issued, that has ended,
  /// or that goes backwards.
  Result<void> append(const LedgerRecord& record);
  /// Makes everything that was appended durable.
  Result<void> commit();
  /// A run goes on from its checkpoint of `step`: whatever is in flight, or was committed by a
  /// later step, is dropped with a reason.
  Result<void> roll_back(int64_t step);

  LedgerCounts counts() const;
  /// Number of this opening: 1 in a new file.
  uint32_t incarnation() const;
  /// Bytes of the torn tail that opening cut.
  int64_t cut_bytes() const;
  /// Length of the file once everything appended is durable.
  int64_t offset() const;

 private:
  struct Impl;
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace nelumbo

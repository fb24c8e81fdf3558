// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "actors/ledger_format.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostBytes = int64_t{8} << 30;
constexpr int64_t kMostPending = 1024;
constexpr std::chrono::milliseconds kLongestWait{50};

/// Where a sample stands: what decides which event may follow.
struct Standing {
  Fate fate = Fate::kIssued;
  uint64_t step = 0;  ///< of a committed sample
};

bool ended(Fate fate) {
  return fate == Fate::kCommitted || fate == Fate::kDropped;
}

std::string text(const SampleId& id) {
  return "sample " + std::to_string(id.group) + "/" + std::to_string(id.sample) + "/" +
         std::to_string(id.incarnation);
}

static_assert(std::has_unique_object_representations_v<SampleId>);

struct SampleHash {
  size_t operator()(const SampleId& id) const { return xxh3_64(std::as_bytes(std::span(&id, 1))); }
};

/// What is known of every sample.
struct LedgerBook {
  explicit LedgerBook(std::string where) : path(std::move(where)) {}

  /// Whether the event may follow what is known of its sample.
  Result<void> admit(const LedgerRecord& record) const;
  void apply(const LedgerRecord& record);
  /// Both: an error where it may not.
  Result<void> enter(const LedgerRecord& record);

  std::string path;
  std::unordered_map<SampleId, Standing, SampleHash> samples;
  LedgerCounts counts;
  uint32_t incarnation = 1;  ///< the next one's
};

Result<void> LedgerBook::admit(const LedgerRecord& record) const {
  const auto known = samples.find(record.id);
  const auto refuse = [&](const std::string& why) {
    return Error{Errc::kBadData, path + ": " + text(record.id) + ": " + why};
  };
  if (record.fate == Fate::kIssued) {
    if (known != samples.end())
      return refuse("issued twice");
    return {};
  }
  if (known == samples.end())
    return refuse("never issued");
  if (known->second.fate == Fate::kCommitted && record.fate == Fate::kDropped)
    return {};  // a rolled back step
  if (ended(known->second.fate))
    return refuse("has ended already");
  const bool again = record.fate == Fate::kLeased;
  if (!again && record.fate <= known->second.fate)
    return refuse("cannot go backwards");
  return {};
}

Result<void> LedgerBook::enter(const LedgerRecord& record) {
  auto fits = admit(record);
  if (fits)
    apply(record);
  return fits;
}

void LedgerBook::apply(const LedgerRecord& record) {
  if (record.fate == Fate::kIssued) {
    ++counts.issued;
    ++counts.in_flight;
  }
  Standing& standing = samples[record.id];
  if (ended(record.fate)) {
    (standing.fate == Fate::kCommitted ? counts.committed : counts.in_flight)--;
    ++(record.fate == Fate::kCommitted ? counts.committed : counts.dropped);
  }
  standing = {record.fate, record.fate == Fate::kCommitted ? record.number : 0};
  incarnation = std::max(incarnation, record.id.incarnation + 1);
}

}  // namespace

struct Ledger::Impl {
  Impl(LedgerBook read, AppendFile opened, Clock ticking)
      : book(std::move(read)), file(std::move(opened)), clock(std::move(ticking)) {}

  Result<void> write(const LedgerRecord& record);
  Result<void> flush();
  Result<void> require_untouched() const;

  LedgerBook book;
  AppendFile file;
  Clock clock;
  uint64_t last_hash = 0;
  int64_t offset = 0;
  int64_t cut = 0;
  std::string pending;
  int64_t pending_records = 0;
  std::chrono::steady_clock::time_point last_flush;
  std::optional<Error> lost;  ///< a write failed: the file takes no more
};

Result<void> Ledger::Impl::write(const LedgerRecord& record) {
  if (lost)
    return *lost;
  const std::string bytes = encode_record(record, last_hash);
  last_hash = xxh3_64(bytes_of(bytes));
  offset += static_cast<int64_t>(bytes.size());
  pending += bytes;
  ++pending_records;
  if (pending_records >= kMostPending || clock() - last_flush >= kLongestWait)
    return flush();
  return {};
}

/// What others write behind our records, or cut off, would make those that follow unreadable.
Result<void> Ledger::Impl::require_untouched() const {
  std::error_code missing;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(book.path, missing));
  const int64_t ours = offset - std::ssize(pending);
  if (missing || size == ours)
    return {};
  return Error{Errc::kBadData, book.path + ": has " + std::to_string(size) + " bytes where " +
                                   std::to_string(ours) +
                                   " were written: another program changed it while the run went "
                                   "on; put back what it was, and --resume auto goes on"};
}

Result<void> Ledger::Impl::flush() {
  if (lost)
    return *lost;
  last_flush = clock();
  if (pending.empty())
    return {};
  kill_point("ledger/pending");
  auto done = require_untouched();
  if (done)
    done = file.append(pending);
  kill_point("ledger/appended");
  if (done)
    done = file.sync();
  kill_point("ledger/synced");
  pending.clear();
  pending_records = 0;
  if (!done)
    lost = done.error();
  return done;
}

Result<LedgerReading> read_ledger(const std::string& path) {
  auto bytes = read_file(path, kMostBytes);
  if (!bytes)
    return bytes.error();
  LedgerBook book(path);
  std::vector<LedgerRecord> records;
  auto scan = scan_ledger(bytes.value(), path, [&](LedgerRecord record) {
    auto entered = book.enter(record);
    records.push_back(std::move(record));
    return entered;
  });
  if (!scan)
    return scan.error();
  return LedgerReading{std::move(records), book.counts, book.incarnation - 1,
                       std::ssize(bytes.value()) - scan.value().good_bytes};
}

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Ledger::~Ledger() {
  (void)impl_->flush();
}

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& path, Clock clock,
                                             const LedgerClaim& claim) {
  std::error_code failed;
  const auto lost = [&](int64_t bytes) {
    return Error{Errc::kBadData, path + ": " + std::to_string(bytes) +
                                     " bytes of it are whole, and " + std::to_string(claim.least) +
                                     " were when the checkpoint was made; put the file back, or "
                                     "begin anew under another run.name"};
  };
  const bool empty =
      !std::filesystem::exists(path, failed) || std::filesystem::file_size(path, failed) == 0;
  if (empty && claim.least > 0)
    return lost(0);
  if (empty)
    if (auto made = write_file_atomic(path, ledger_header(claim.run)); !made)
      return made.error();
  kill_point("ledger/made");
  auto bytes = read_file(path, kMostBytes);
  if (!bytes)
    return bytes.error();
  LedgerBook book(path);
  auto scan = scan_ledger(bytes.value(), path,
                          [&book](const LedgerRecord& record) { return book.enter(record); });
  if (!scan)
    return scan.error();
  if (!bytes.value().starts_with(ledger_header(claim.run)))
    return Error{Errc::kBadData, path +
                                     ": is the ledger of another run; put that of this run "
                                     "back, or begin anew under another run.name"};
  const int64_t good = scan.value().good_bytes;
  const int64_t cut = static_cast<int64_t>(bytes.value().size()) - good;
  if (good < claim.least)
    return lost(good);
  if (cut > 0)
    std::filesystem::resize_file(path, static_cast<uintmax_t>(good), failed);
  if (failed)
    return Error{Errc::kEnvironment, path + ": cannot cut its torn tail: " + failed.message()};
  auto file = AppendFile::open(path);
  if (!file)
    return file.error();
  auto impl = std::make_unique<Impl>(std::move(book), std::move(file).value(), std::move(clock));
  impl->last_hash = scan.value().last_hash;
  impl->offset = good;
  impl->cut = cut;
  impl->last_flush = impl->clock();
  return std::unique_ptr<Ledger>(new Ledger(std::move(impl)));
}

Result<void> Ledger::append(const LedgerRecord& record) {
  if (auto fits = impl_->book.admit(record); !fits)
    return fits;
  const uint32_t incarnation = impl_->book.incarnation;
  impl_->book.apply(record);
  impl_->book.incarnation = incarnation;  // one number for as long as the file is open
  return impl_->write(record);
}

Result<void> Ledger::commit() {
  return impl_->flush();
}

Result<void> Ledger::roll_back(int64_t step) {
  std::vector<LedgerRecord> drops;
  for (const auto& [id, standing] : impl_->book.samples) {
    const bool later = standing.fate == Fate::kCommitted &&
                       standing.step > static_cast<uint64_t>(std::max<int64_t>(step, 0));
    if (later)
      drops.push_back({id, Fate::kDropped, 0, 0, "rolled back to step " + std::to_string(step)});
    else if (!ended(standing.fate))
      drops.push_back({id, Fate::kDropped, 0, 0, "the run stopped"});
  }
  std::ranges::sort(drops, {}, &LedgerRecord::id);
  for (const LedgerRecord& record : drops)
    if (auto done = append(record); !done)
      return done;
  kill_point("ledger/rolled_back");
  return commit();
}

LedgerCounts Ledger::counts() const {
  return impl_->book.counts;
}

uint32_t Ledger::incarnation() const {
  return impl_->book.incarnation;
}

int64_t Ledger::cut_bytes() const {
  return impl_->cut;
}

int64_t Ledger::offset() const {
  return impl_->offset;
}

}  // namespace nelumbo

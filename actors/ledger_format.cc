// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger_format.h"

#include <bit>
#include <cstring>
#include <utility>

#include "base/hash.h"

namespace nelumbo {
namespace {

static_assert(std::endian::native == std::endian::little, "the ledger is written little-endian");

constexpr std::string_view kMagic = "NELUMBO-LEDGER";
constexpr uint16_t kFileVersion = 2;
constexpr uint8_t kPayloadVersion = 1;
constexpr size_t kHeader = kMagic.size() + sizeof(kFileVersion) + sizeof(uint64_t);
constexpr size_t kFrame = 16;    // length, crc, previous
constexpr size_t kPayload = 35;  // without the reason
constexpr size_t kMostReason = 255;

template <class T>
void put(std::string& out, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out.append(raw, sizeof(T));
}

template <class T>
T take(std::string_view& in) {
  T value;
  std::memcpy(&value, in.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  return value;
}

std::string encode_payload(const LedgerRecord& record) {
  const std::string_view reason = std::string_view(record.reason).substr(0, kMostReason);
  std::string out;
  put(out, kPayloadVersion);
  put(out, static_cast<uint8_t>(record.fate));
  put(out, record.id.group);
  put(out, record.id.sample);
  put(out, record.id.incarnation);
  put(out, record.number);
  put(out, record.total);
  put(out, static_cast<uint8_t>(reason.size()));
  out += reason;
  return out;
}

/// REQUIRES: at least kPayload bytes.
std::optional<LedgerRecord> decode_payload(std::string_view in) {
  LedgerRecord record;
  if (take<uint8_t>(in) != kPayloadVersion)
    return std::nullopt;
  const auto fate = take<uint8_t>(in);
  if (fate < static_cast<uint8_t>(Fate::kIssued) || fate > static_cast<uint8_t>(Fate::kDropped))
    return std::nullopt;
  record.fate = static_cast<Fate>(fate);
  record.id.group = take<uint64_t>(in);
  record.id.sample = take<uint32_t>(in);
  record.id.incarnation = take<uint32_t>(in);
  record.number = take<uint64_t>(in);
  record.total = take<double>(in);
  if (take<uint8_t>(in) != in.size())
    return std::nullopt;
  record.reason = in;
  return record;
}

struct Frame {
  LedgerRecord record;
  uint64_t previous = 0;
  size_t size = 0;
};

/// The record that starts at `bytes`, if its checksum holds.
std::optional<Frame> decode_frame(std::string_view bytes) {
  if (bytes.size() < kFrame + kPayload)
    return std::nullopt;
  std::string_view in = bytes;
  const auto length = take<uint32_t>(in);
  const auto crc = take<uint32_t>(in);
  if (length < kPayload || length > kPayload + kMostReason || length > bytes.size() - kFrame)
    return std::nullopt;
  if (crc32c(bytes_of(in.substr(0, sizeof(uint64_t) + length))) != crc)
    return std::nullopt;
  Frame frame;
  frame.previous = take<uint64_t>(in);
  frame.size = kFrame + length;
  auto record = decode_payload(in.substr(0, length));
  if (!record)
    return std::nullopt;
  frame.record = *std::move(record);
  return frame;
}

/// Whether any whole record starts behind `from`.
bool record_behind(std::string_view bytes, size_t from) {
  for (size_t at = from + 1; at + kFrame + kPayload <= bytes.size(); ++at)
    if (decode_frame(bytes.substr(at)))
      return true;
  return false;
}

Error torn(const std::string& place, size_t at, const std::string& what) {
  return Error{Errc::kBadData, place + ": offset " + std::to_string(at) + ": " + what +
                                   "; restore the file from a copy or start a run of another name"};
}

/// Whether these are the bytes of a ledger of this version.
Result<void> check_header(std::string_view bytes, const std::string& place) {
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + sizeof(uint16_t))
    return torn(place, 0, "this is not a ledger");
  bytes.remove_prefix(kMagic.size());
  const auto version = take<uint16_t>(bytes);
  if (version != kFileVersion)
    return Error{Errc::kBadData, place + ": is a ledger of format " + std::to_string(version) +
                                     ", where this version of the program has " +
                                     std::to_string(kFileVersion) +
                                     "; finish the run with the version that began it, or begin "
                                     "anew under another run.name"};
  if (bytes.size() < sizeof(uint64_t))
    return torn(place, 0, "its header is cut");
  return {};
}

}  // namespace

std::string ledger_header(std::string_view run) {
  std::string header(kMagic);
  put(header, kFileVersion);
  put(header, xxh3_64(bytes_of(run)));
  return header;
}

std::string encode_record(const LedgerRecord& record, uint64_t previous) {
  std::string checked;
  put(checked, previous);
  const std::string payload = encode_payload(record);
  checked += payload;
  std::string out;
  put(out, static_cast<uint32_t>(payload.size()));
  put(out, crc32c(bytes_of(checked)));
  return out + checked;
}

Result<LedgerScan> scan_ledger(std::string_view bytes, const std::string& place,
                               const std::function<Result<void>(LedgerRecord)>& take) {
  if (auto ours = check_header(bytes, place); !ours)
    return ours.error();
  LedgerScan scan;
  scan.last_hash = xxh3_64(bytes_of(bytes.substr(0, kHeader)));
  size_t at = kHeader;
  while (at < bytes.size()) {
    auto frame = decode_frame(bytes.substr(at));
    if (!frame && record_behind(bytes, at))
      return torn(place, at, "a record is damaged and good ones follow");
    if (!frame)
      break;
    if (frame->previous != scan.last_hash)
      return torn(place, at, "the record before this one was changed or removed");
    scan.last_hash = xxh3_64(bytes_of(bytes.substr(at, frame->size)));
    if (auto taken = take(std::move(frame->record)); !taken)
      return taken.error();
    at += frame->size;
  }
  scan.good_bytes = static_cast<int64_t>(at);
  return scan;
}

std::vector<LedgerRecord> ledger_tail(std::string_view bytes) {
  std::vector<LedgerRecord> records;
  while (!bytes.empty()) {
    auto frame = decode_frame(bytes);
    bytes.remove_prefix(frame ? frame->size : 1);
    if (frame)
      records.push_back(std::move(frame->record));
  }
  return records;
}

}  // namespace nelumbo

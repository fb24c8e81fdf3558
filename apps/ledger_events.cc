// SPDX-License-Identifier: Apache-2.0
#include "apps/ledger_events.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "actors/ledger_format.h"
#include "base/file_tail.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostTail = 64 << 10;
constexpr std::array<std::string_view, 7> kFates = {"issued",  "leased",    "generated", "scored",
                                                    "batched", "committed", "dropped"};

}  // namespace

json event_json(const LedgerRecord& record) {
  json out{{"group", record.id.group},
           {"sample", record.id.sample},
           {"process", record.id.incarnation},
           {"fate", kFates.at(static_cast<size_t>(record.fate) - 1)}};
  switch (record.fate) {
    case Fate::kIssued:
      break;
    case Fate::kLeased:
      out["session"] = record.number;
      break;
    case Fate::kGenerated:
      out["version"] = record.number;
      break;
    case Fate::kScored:
      out["outcome"] = record.number;
      out["total"] = record.total;
      break;
    case Fate::kBatched:
    case Fate::kCommitted:
      out["step"] = record.number;
      break;
    case Fate::kDropped:
      out["reason"] = record.reason;
      break;
  }
  return out;
}

std::vector<json> last_ledger_events(const std::string& path, size_t most) {
  const std::vector<LedgerRecord> records = ledger_tail(file_tail(path, kMostTail));
  std::vector<json> events;
  const auto first = std::max<int64_t>(0, std::ssize(records) - static_cast<int64_t>(most));
  for (int64_t i = first; i < std::ssize(records); ++i)
    events.push_back(event_json(records[static_cast<size_t>(i)]));
  return events;
}

}  // namespace nelumbo

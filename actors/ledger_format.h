// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/ledger.h"
#include "base/error.h"

namespace nelumbo {

/// What the ledger of `run` begins with.
std::string ledger_header(std::string_view run);

/// One framed record that follows the record (or the header) whose XXH3-64 is `previous`.
std::string encode_record(const LedgerRecord& record, uint64_t previous);

/// Where a ledger's bytes end.
struct LedgerScan {
  uint64_t last_hash = 0;  ///< of the last record, or of the header
  int64_t good_bytes = 0;  ///< length without the torn tail
};

/// Gives all records to `take`, oldest first, whose error ends it. kBadData, with the offset, for
/// another file's bytes and for a torn middle. `place` starts the message.
Result<LedgerScan> scan_ledger(std::string_view bytes, const std::string& place,
                               const std::function<Result<void>(LedgerRecord)>& take);

/// The whole records at the end of a ledger, oldest first; `bytes` may begin inside of one, and end
/// in one that is torn.
std::vector<LedgerRecord> ledger_tail(std::string_view bytes);

}  // namespace nelumbo

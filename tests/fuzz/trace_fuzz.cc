// SPDX-License-Identifier: Apache-2.0
//
// The input is a trace of a run: behind a first byte that is odd the file itself, compressed, and
// else one line of it. A line that is read is written again, and reads as the same.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "reward/trace.h"
#include "reward/trace_reader.h"
#include "tests/fuzz/memory_file.h"

namespace {

std::string written(const nelumbo::ScoredGroup& group) {
  return nelumbo::to_trace(group).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

nelumbo::Result<void> write_and_read(const nelumbo::ScoredGroup& group) {
  const std::string line = written(group);
  const auto again = nelumbo::from_trace(line, "fuzz:1");
  NELUMBO_CHECK(again.ok()) << "what was written is not read: " << again.error().message;
  NELUMBO_CHECK(written(again.value()) == line) << "what was written reads as something else";
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  if (data[0] % 2 == 1) {
    const nelumbo::MemoryFile file(data + 1, size - 1);
    (void)nelumbo::for_each_trace(file.path(), write_and_read);
    return 0;
  }
  const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (const auto group = nelumbo::from_trace(line, "fuzz:1"))
    (void)write_and_read(group.value());
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// The input is a trace of a run: behind a first byte that is odd the file itself, compressed, and
// else one line of it. A line that is read is written again, and reads as the same.

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "reward/trace.h"
#include "reward/trace_reader.h"
#include "tests/fuzz/memory_file.h"

namespace {

void read(const nlohmann::json& line) {
  const auto group = nelumbo::from_trace(line, "fuzz:1");
  if (!group)
    return;
  const nlohmann::json written = nelumbo::to_trace(group.value());
  const auto again = nelumbo::from_trace(written, "fuzz:1");
  NELUMBO_CHECK(again.ok()) << "what was written is not read: " << again.error().message;
  NELUMBO_CHECK(nelumbo::to_trace(again.value()) == written)
      << "what was written reads as something else";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  if (data[0] % 2 == 1) {
    const nelumbo::MemoryFile file(data + 1, size - 1);
    if (const auto lines = nelumbo::read_trace(file.path()))
      for (const nlohmann::json& line : lines.value())
        read(line);
    return 0;
  }
  const nlohmann::json line = nlohmann::json::parse(data + 1, data + size, nullptr, false);
  if (!line.is_discarded())
    read(line);
  return 0;
}

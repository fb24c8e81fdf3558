// SPDX-License-Identifier: Apache-2.0
//
// The input is the first frame of a message between two bulk channels, of any size. A header that
// is read has one spelling only: packed again it is the same bytes.

#include <cstdint>
#include <span>

#include "actors/bulk_wire.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto header = nelumbo::unpack_bulk_header(std::as_bytes(std::span(data, size)));
  if (!header)
    return 0;
  const std::string packed = nelumbo::pack(*header);
  NELUMBO_CHECK(packed == std::string(reinterpret_cast<const char*>(data), size))
      << "two spellings of one header";
  NELUMBO_CHECK(nelumbo::unpack_bulk_header(std::as_bytes(std::span(packed))) == header)
      << "what was packed reads as something else";
  return 0;
}

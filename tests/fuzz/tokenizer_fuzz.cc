// SPDX-License-Identifier: Apache-2.0
//
// The input is a tokenizer.json.

#include <cstdint>
#include <string_view>

#include "tests/fuzz/tokenizer_use.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto made = nelumbo::Tokenizer::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (made)
    nelumbo::use_tokenizer(made.value());
  return 0;
}

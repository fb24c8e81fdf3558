// SPDX-License-Identifier: Apache-2.0
//
// The input is a mathematical answer, as LaTeX or plain text. What can be read equals itself, or
// says that its numbers are too large.

#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "reward/math_value.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = nelumbo::read_math(std::string_view(reinterpret_cast<const char*>(data), size));
  NELUMBO_CHECK(read || !read.error().message.empty()) << "an error without a cause";
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Takes the place of base/check.cc, whose exit libFuzzer would not take for a crash.

#include <cstdio>
#include <cstdlib>

#include "base/check.h"

namespace nelumbo {

CheckFailure::CheckFailure(const char* file, int line, const char* condition) {
  message_ << "bug: " << file << ":" << line << ": " << condition << ": ";
}

CheckFailure::~CheckFailure() {
  std::fprintf(stderr, "%s\n", message_.str().c_str());
  std::abort();
}

}  // namespace nelumbo

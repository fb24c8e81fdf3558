// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace nelumbo {

CheckFailure::CheckFailure(const char* file, int line, const char* condition) {
  message_ << "bug: " << file << ":" << line << ": " << condition << ": ";
}

CheckFailure::~CheckFailure() {
  std::fprintf(stderr, "%s\n", message_.str().c_str());
  std::fflush(nullptr);
  std::_Exit(70);
}

}  // namespace nelumbo

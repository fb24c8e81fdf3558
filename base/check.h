// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>

namespace nelumbo {

/// Collects the message of a failed check; prints it with its place and ends the process (exit 70)
/// when the statement ends.
class CheckFailure {
 public:
  CheckFailure(const char* file, int line, const char* condition);
  CheckFailure(const CheckFailure&) = delete;
  CheckFailure& operator=(const CheckFailure&) = delete;
  [[noreturn]] ~CheckFailure();

  template <class T>
  CheckFailure& operator<<(const T& part) {
    message_ << part;
    return *this;
  }

 private:
  std::ostringstream message_;
};

}  // namespace nelumbo

/// A broken invariant is a bug of ours, never of the input: `NELUMBO_CHECK(a == b) << "why";`
#define NELUMBO_CHECK(condition) \
  if (condition) {               \
  } else                         \
    ::nelumbo::CheckFailure(__FILE__, __LINE__, #condition)

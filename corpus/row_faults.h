// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// What is wrong with the rows of a file: all are counted, the first are named.
class RowFaults {
 public:
  /// `message` begins with the row's place.
  void add(std::string message);

  int64_t count() const { return count_; }
  const std::vector<std::string>& first() const { return first_; }

  /// kBadData: what is wrong with the one row, or how many rows cannot be used and a line for each
  /// of the first. REQUIRES: there are some.
  Error error() const;

 private:
  int64_t count_ = 0;
  std::vector<std::string> first_;
};

}  // namespace nelumbo

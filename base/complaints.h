// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// Gathers what is wrong with several things that can be looked at without one another, so that
/// all of it is said in one go. One owner.
class Complaints {
 public:
  /// More than so many are counted, not said.
  static constexpr int64_t kMost = 20;

  /// Keeps an error; the same sentence is kept once.
  void add(const Error& error);
  /// Keeps the error of `result`, if it is one, and says whether it is none.
  template <class T>
  bool accept(const Result<T>& result) {
    if (!result)
      add(result.error());
    return result.ok();
  }

  bool empty() const { return errors_.empty(); }
  int64_t count() const { return static_cast<int64_t>(errors_.size()) + unsaid_; }
  /// Those that are said.
  const std::vector<Error>& first() const { return errors_; }
  /// A line for each, under the code of the first. REQUIRES: not empty.
  Error error() const;

 private:
  std::vector<Error> errors_;
  int64_t unsaid_ = 0;
};

/// The first line of an error of several, and how many follow; `where` says all: "nelumbo check".
Error first_of(const Error& error, const std::string& where);

}  // namespace nelumbo

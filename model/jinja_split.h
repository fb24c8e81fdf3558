// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "model/jinja_run.h"

namespace nelumbo {

/// Finds one text in others in time linear in both, by the algorithm of Knuth, Morris and Pratt.
/// The text outlives it.
class JinjaFinder {
 public:
  enum class From { kStart, kEnd };

  explicit JinjaFinder(std::string_view wanted, From from = From::kStart);

  /// Where the first occurrence begins, or the last one for kEnd; npos where there is none.
  size_t find(std::string_view text) const;

 private:
  std::string_view wanted_;
  From from_;
  std::vector<uint32_t> borders_;  ///< the longest proper border of each prefix, or suffix
};

/// Pays for finding `wanted` in `text`: time and memory. False when the run has failed.
bool jinja_pay_search(JinjaRun& run, std::string_view text, std::string_view wanted);

// Python's ways to cut a str. Pieces are views of it and go to `take` one by one, which ends the
// cutting when it answers false; those that are cut from the end come last one first. At most
// `most` cuts, any number when it is negative.
using JinjaTake = std::function<bool(std::string_view)>;

/// str.split at white space.
void split_at_space(std::string_view text, int64_t most, const JinjaTake& take);
void split_at_space_from_end(std::string_view text, int64_t most, const JinjaTake& take);
/// str.split at a separator. REQUIRES: it is not empty.
void split_at(std::string_view text, std::string_view mark, int64_t most, const JinjaTake& take);
void split_at_from_end(std::string_view text, std::string_view mark, int64_t most,
                       const JinjaTake& take);
/// str.splitlines.
void split_lines(std::string_view text, bool keep_ends, const JinjaTake& take);

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// One side of a benchmark.
struct Side {
  std::string name;  ///< "fp32 products", "what memory and arithmetic allow"
  double speed = 0;  ///< in the figure's unit; more is better
};

/// What a benchmark measured: this program's speed beside that of an anchor, both in the same run.
struct Figure {
  std::string name;
  std::string unit;  ///< "tokens/s"
  Side own, anchor;
  Side limit{};              ///< what the machine allows; a speed of 0 where that is not known
  nlohmann::json details{};  ///< an object: sizes, repeats, checks
};

/// The figure with its ratios, and the CPU and the instruction set that it was measured on.
nlohmann::json to_json(const Figure& figure);
/// The same in one line.
std::string to_line(const Figure& figure);

/// Seconds of processor time that this thread has taken.
double processor_seconds();

/// The one in the middle; of an even number, the larger of two. REQUIRES: there are values.
double median(std::vector<double> values);

/// The median seconds of `repeats` calls, behind one that warms caches and threads.
double median_seconds(int64_t repeats, const std::function<void()>& call);

/// The processor's name as the system tells it; "unknown" where it does not.
std::string processor_name();

/// What share of all processors' time other programs took since this was made: above 0.05 a figure
/// says little. 0 where the system does not tell.
class ForeignUse {
 public:
  ForeignUse();
  double share() const;

 private:
  struct Times {
    double own = 0, busy = 0, all = 0;  ///< seconds since some moment
  };
  static Times now();

  Times begin_;
};

}  // namespace nelumbo

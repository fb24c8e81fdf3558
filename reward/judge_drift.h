// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nelumbo {

/// Spearman's rank correlation, ties at their mean rank; none where one side is all alike or there
/// are fewer than two. REQUIRES: as many of each.
std::optional<double> spearman(std::span<const double> a, std::span<const double> b);

/// Whether a sample belongs to the share that the hold-out judge sees, too: a hash of `key` and
/// `seed` alone decides.
bool is_held_out(std::string_view key, int64_t seed, double share);

/// How far the judge that trains and the one that is held out are apart, over the latest 400
/// samples that both have judged.
class JudgeDrift {
 public:
  /// What it says: nothing below 20 samples; a warning where the means are more than 0.1 apart or
  /// the rank correlation is below 0.6; a pause where the means are more than 0.2 apart.
  struct State {
    int64_t samples = 0;
    double gap = 0;                  ///< mean of the judge that trains, less that of the other
    std::optional<double> spearman;  ///< where it can be told
    enum class Alarm { kNone, kWarn, kPause } alarm = Alarm::kNone;
    std::string why;  ///< a sentence, of an alarm

    std::map<std::string, double> named() const;
  };

  void add(double trained, double held_out);
  State state() const;

 private:
  std::deque<double> trained_, held_out_;
};

}  // namespace nelumbo

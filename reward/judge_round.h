// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "reward/judge_panel.h"

namespace nelumbo {

/// The questions to judges about one group: asked at once, again as often as may be, and those
/// about a share of the answers also to the judge that is held out.
class JudgeRound {
 public:
  JudgeRound(const JudgePanel& judges, const Group& group) : judges_(judges), group_(group) {}

  /// What is asked about trajectory i.
  void add(size_t i, std::vector<JudgeQuestion> questions);
  /// Asks all of it within `seconds`, and what failed up to `retries` times more.
  void run(double seconds, int64_t retries, const std::function<double()>& clock);

  /// The replies about trajectory i; none where nothing was asked.
  std::span<const JudgeReply> replies(size_t i) const;
  /// The first question about it that has no answer.
  std::optional<JudgeReply> failure(size_t i) const;
  /// Tells the panel what each answer that is held out is worth by both judges. `value` says what
  /// it is worth by some replies. Whether the judge that is held out answers changes nothing else.
  void compare(const std::function<std::optional<double>(size_t i, std::span<const JudgeReply>)>&
                   value) const;

 private:
  struct Range {
    size_t begin = 0, end = 0;
  };

  void ask_hold_out(size_t i, std::vector<JudgeQuestion>* all);

  const JudgePanel& judges_;
  const Group& group_;
  std::vector<JudgeQuestion> questions_;
  std::vector<JudgeReply> replies_, held_out_;
  std::map<size_t, Range> ranges_, held_out_ranges_;
};

}  // namespace nelumbo

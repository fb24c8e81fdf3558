// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "reward/judge.h"
#include "reward/judge_trial.h"
#include "reward/spec_node.h"

namespace nelumbo {

/// One entry of `judges`.
struct NamedJudge {
  std::string name;
  std::string place;  ///< of the entry, "FILE:LINE:COL: judges.grader"
  std::shared_ptr<const Judge> judge;
  JudgeExamPlan plan;
};

/// Reads one judge, whose questions it does not ask yet. `folder` is the specification's, from
/// which a model's path goes. kInvalidConfig: a host that is neither this machine nor in 'allow', a
/// key that is not ${env:NAME} or whose variable is not set (its name is told, never a value).
Result<NamedJudge> read_judge(const std::string& name, const SpecNode& node,
                              const std::string& folder);

/// Which judge sees a share of the samples beside the one that trains: {judge, share, seed}.
struct HoldOutKeys {
  std::string judge;
  double share = 0.05;
  int64_t seed = 0;

  template <class V>
  void fields(V& v) {
    v(judge, "judge", "Another judge, whose replies do not train.", NotEmpty{});
    v(share, "share", "Of the answers that judges see.", Between{0.001, 1});
    v(seed, "seed", "Which answers these are.", NonNegative{});
  }
};

}  // namespace nelumbo

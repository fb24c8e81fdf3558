// SPDX-License-Identifier: Apache-2.0
#include "reward/judge.h"

namespace nelumbo {

JudgeCounts JudgeCounts::since(const JudgeCounts& before) const {
  return {questions - before.questions,
          calls - before.calls,
          retries - before.retries,
          cache_hits - before.cache_hits,
          failures - before.failures,
          timeouts - before.timeouts,
          openings - before.openings,
          prompt_tokens - before.prompt_tokens,
          completion_tokens - before.completion_tokens,
          cost - before.cost,
          call_seconds - before.call_seconds};
}

std::map<std::string, double> JudgeCounts::named() const {
  return {{"questions", static_cast<double>(questions)},
          {"calls", static_cast<double>(calls)},
          {"retries", static_cast<double>(retries)},
          {"cache_hits", static_cast<double>(cache_hits)},
          {"failures", static_cast<double>(failures)},
          {"timeouts", static_cast<double>(timeouts)},
          {"openings", static_cast<double>(openings)},
          {"tokens", static_cast<double>(prompt_tokens + completion_tokens)},
          {"cost", cost},
          {"latency", calls > 0 ? call_seconds / static_cast<double>(calls) : 0}};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "bench/learner_step.h"

#include "base/check.h"
#include "bench/limits.h"
#include "bench/synthetic.h"
#include "learner/policy_learner.h"

namespace nelumbo {
namespace {

double step_seconds(Team& team, const Network& network, const LearnerLoad& load, int64_t repeats) {
  const auto groups = drawn_groups(network, load.prompts, load.prompt, load.answers, load.answer);
  const auto learner = make_learner(network, *drawn_weights(network), team);
  const TokenStageConfig config{.max_tokens = 4096};
  return median_seconds(repeats, [&] {
    const auto done = learner->train_tokens(groups, config, {.step = 0, .steps = 1});
    NELUMBO_CHECK(done.ok()) << done.error().message;
  });
}

}  // namespace

Figure measure_learner_step(Team& team, const ModelConfig& shape, const LearnerLoad& load,
                            int64_t repeats) {
  const ForeignUse foreign;
  const Network exact = make_network(shape), rounded = make_network(shape, StoredType::kBf16);
  const auto answered = static_cast<double>(load.prompts * load.answers * load.answer);
  const double tokens = static_cast<double>(load.prompts * load.prompt) + answered;
  const DecoderCost cost = cost_of(exact);
  const double operations = 6 * (cost.layers * tokens + cost.head * answered);
  const double gflops = product_rate(team, Precision::kBfloat16, repeats);
  const double own = step_seconds(team, rounded, load, repeats);
  const double anchor = step_seconds(team, exact, load, repeats);
  return {.name = "learner",
          .unit = "tokens/s",
          .own = {"bf16", tokens / own},
          .anchor = {"fp32", tokens / anchor},
          .limit = {"what products allow", tokens / (operations / (gflops * 1e9))},
          .details = {{"prompts", load.prompts},
                      {"prompt", load.prompt},
                      {"answers", load.answers},
                      {"answer", load.answer},
                      {"threads", team.threads()},
                      {"gflops", gflops},
                      {"fp32_gflops", product_rate(team, Precision::kFloat32, repeats)},
                      {"repeats", repeats},
                      {"foreign_use", foreign.share()}}};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "bench/learner_step.h"

#include "base/check.h"
#include "bench/figure.h"
#include "bench/limits.h"
#include "bench/plain_decoder.h"
#include "bench/synthetic.h"
#include "learner/policy_learner.h"

namespace nelumbo {
namespace {

double step_seconds(Team& team, const Network& network, const LearnerLoad& load, int64_t repeats) {
  const auto groups = drawn_groups(network, load.prompts, load.prompt, load.answers, load.answer);
  const auto learner = make_learner(network, *drawn_weights(network), team);
  TokenStageConfig config;
  config.max_tokens = load.rows;
  return median_seconds(repeats, [&] {
    const auto done = learner->train_tokens(groups, config, {.step = 0, .steps = 1});
    NELUMBO_CHECK(done.ok()) << done.error().message;
  });
}

}  // namespace

Figure measure_learner_step(Team& team, const ModelConfig& shape, const LearnerLoad& load,
                            StoredType type, int64_t repeats) {
  const Precision precision = precision_of(type);
  const Network network = make_network(shape, type);
  const int64_t sequences = load.prompts * load.answers;
  const auto tokens = static_cast<double>(sequences * (load.prompt + load.answer));
  const auto answered = static_cast<double>(sequences * load.answer);
  const double computed = static_cast<double>(load.prompts * load.prompt) + answered;
  const DecoderCost cost = cost_of(network);
  const double operations = 6 * (cost.layers * computed + cost.head * answered);
  const double gflops = product_rate(team, precision, repeats);
  const double own = step_seconds(team, network, load, repeats);
  const double anchor = median_seconds(repeats, plain_step(shape, precision,
                                                           {.sequences = sequences,
                                                            .length = load.prompt + load.answer,
                                                            .trained = load.answer,
                                                            .rows = load.rows},
                                                           team.threads()));
  return {.name = "learner",
          .unit = "tokens/s",
          .own = {"own step", tokens / own},
          .anchor = {"LibTorch", tokens / anchor},
          .limit = {"what products allow", tokens / (operations / (gflops * 1e9))},
          .details = {{"prompts", load.prompts},
                      {"prompt", load.prompt},
                      {"answers", load.answers},
                      {"answer", load.answer},
                      {"dtype", type == StoredType::kBf16 ? "bf16" : "fp32"},
                      {"threads", team.threads()},
                      {"gflops", gflops}}};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "bench/prefill.h"

#include <memory>

#include "base/check.h"
#include "bench/limits.h"
#include "bench/synthetic.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

double tokens_per_second(Team& team, const Network& network, int64_t tokens, int64_t repeats) {
  const EngineConfig config{.prefill_tokens = tokens,
                            .key_blocks = tokens / kKeyBlock + 4,
                            .prefix_blocks = 0};  // each repeat computes the prompt again
  const auto engine = make_policy_engine(network, config, std::make_shared<const Endless>(), team);
  engine->load(drawn_weights(network), PolicyVersion{0});
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "drawn";
  prompt->tokens = drawn_tokens(network, tokens, 1);
  const double seconds = median_seconds(repeats, [&] {
    const auto queued = engine->submit({.prompt = prompt, .sampling = {.max_new_tokens = 1}});
    NELUMBO_CHECK(queued.ok()) << queued.error().message;
    NELUMBO_CHECK(engine->step().size() == 1) << "a prompt took more than a step";
  });
  return static_cast<double>(tokens) / seconds;
}

}  // namespace

Figure measure_prefill(Team& team, const ModelConfig& shape, int64_t prompt, int64_t repeats) {
  const Network exact = make_network(shape), rounded = make_network(shape, StoredType::kBf16);
  const DecoderCost cost = cost_of(rounded);
  const auto tokens = static_cast<double>(prompt);
  const double gflops = product_rate(team, Precision::kBfloat16, repeats);
  const double operations =
      tokens * (2 * cost.layers + cost.attention * tokens / 2) + 2 * cost.head;
  const double own = tokens_per_second(team, rounded, prompt, repeats);
  const double anchor = tokens_per_second(team, exact, prompt, repeats);
  return {.name = "prefill",
          .unit = "tokens/s",
          .own = {"bf16", own},
          .anchor = {"fp32", anchor},
          .limit = {"what products allow", tokens * gflops * 1e9 / operations},
          .details = {{"prompt", prompt}, {"threads", team.threads()}, {"gflops", gflops}}};
}

}  // namespace nelumbo

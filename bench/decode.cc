// SPDX-License-Identifier: Apache-2.0
#include "bench/decode.h"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "bench/limits.h"
#include "bench/synthetic.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

/// Seconds of the decode steps of one group, those behind the step that takes the prompt.
double decode_seconds(Engine& engine, const std::shared_ptr<const Prompt>& prompt,
                      const DecodeLoad& load, uint64_t seed) {
  const auto queued = engine.submit({.id = GroupId{seed},
                                     .prompt = prompt,
                                     .samples = static_cast<int32_t>(load.batch),
                                     .seed = seed,
                                     .sampling = {.max_new_tokens = load.answer}});
  NELUMBO_CHECK(queued.ok()) << queued.error().message;
  std::vector<Group> done = engine.step();
  const auto start = std::chrono::steady_clock::now();
  while (done.empty())
    done = engine.step();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double tokens_per_second(Team& team, const Network& network, const DecodeLoad& load,
                         int64_t repeats) {
  const int64_t blocks = (load.prompt + load.batch * (load.answer + 32)) / kKeyBlock + load.batch;
  const EngineConfig config{.max_batch = load.batch,
                            .prefill_tokens = load.prompt,
                            .key_blocks = blocks + 16,
                            .prefix_blocks = 0};
  const auto engine = make_policy_engine(network, config, std::make_shared<const Endless>(), team);
  engine->load(drawn_weights(network), PolicyVersion{0});
  auto prompt = std::make_shared<Prompt>();
  prompt->id = "drawn";
  prompt->tokens = drawn_tokens(network, load.prompt, 1);
  std::vector<double> seconds;
  for (int64_t i = 0; i <= repeats; ++i)  // the first warms caches and threads
    seconds.push_back(decode_seconds(*engine, prompt, load, static_cast<uint64_t>(i)));
  seconds.erase(seconds.begin());
  return static_cast<double>(load.batch * (load.answer - 1)) / median(std::move(seconds));
}

}  // namespace

Figure measure_decode(Team& team, const ModelConfig& shape, const DecodeLoad& load,
                      DecodeSides sides, int64_t repeats) {
  NELUMBO_CHECK(load.answer >= 2 && repeats >= 1) << "nothing to measure";
  const bool in_int8 = sides == DecodeSides::kInt8BesideBf16;
  Network own_network = make_network(shape, StoredType::kBf16);
  own_network.products = in_int8 ? EngineProducts::kInt8 : EngineProducts::kAsStored;
  const Network anchor_network =
      make_network(shape, in_int8 ? StoredType::kBf16 : StoredType::kF32);
  const double gb_per_s = read_rate(team, repeats);
  const double gflops =
      product_rate(team, in_int8 ? Precision::kInt8 : Precision::kBfloat16, repeats);
  const double limit = decode_limit(cost_of(own_network), static_cast<double>(load.batch),
                                    static_cast<double>(load.prompt),
                                    static_cast<double>(load.answer) / 2, gb_per_s, gflops);
  const double own = tokens_per_second(team, own_network, load, repeats);
  const double anchor = tokens_per_second(team, anchor_network, load, repeats);
  return {.name = "decode",
          .unit = "tokens/s",
          .own = {in_int8 ? "int8" : "bf16", own},
          .anchor = {in_int8 ? "bf16" : "fp32", anchor},
          .limit = {"what memory and products allow", limit},
          .details = {{"batch", load.batch},
                      {"prompt", load.prompt},
                      {"answer", load.answer},
                      {"threads", team.threads()},
                      {"gb_per_s", gb_per_s},
                      {"gflops", gflops}}};
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// With r = p_anchor / p_own of a token that `own` drew, r - 1 - log r is never negative, and its
// mean is KL(own || anchor) (Schulman, 2020, "Approximating KL divergence").
#include "bench/divergence.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/check.h"
#include "bench/synthetic.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

std::unique_ptr<ServingEngine> engine_of(Team& team, const ServedPolicy& policy) {
  return make_policy_engine(*policy.network, {.max_batch = 32, .prefix_blocks = 0},
                            std::make_shared<const Endless>(), team, policy.weights);
}

std::shared_ptr<const Prompt> prompt_of(std::vector<int32_t> tokens, size_t index) {
  Prompt prompt;
  prompt.id = std::to_string(index);
  prompt.tokens = std::move(tokens);
  return std::make_shared<const Prompt>(std::move(prompt));
}

std::vector<Group> drawn(Engine& engine, std::span<const std::vector<int32_t>> prompts,
                         const DivergenceLoad& load) {
  for (size_t i = 0; i < prompts.size(); ++i) {
    const auto queued = engine.submit({.id = GroupId{i},
                                       .prompt = prompt_of(prompts[i], i),
                                       .samples = load.samples,
                                       .seed = 1,
                                       .sampling = {.max_new_tokens = load.answer}});
    NELUMBO_CHECK(queued.ok()) << queued.error().message;
  }
  std::vector<Group> done;
  while (!engine.idle())
    for (Group& group : engine.step())
      done.push_back(std::move(group));
  return done;
}

/// The log-probs of the answer's tokens behind the prompt.
std::vector<float> scored(ServingEngine& engine, const Prompt& prompt, const Trajectory& answer) {
  std::vector<int32_t> tokens = prompt.tokens;
  tokens.insert(tokens.end(), answer.tokens.begin(), answer.tokens.end());
  const auto queued =
      engine.submit({.prompt = prompt_of(std::move(tokens), 0),
                     .sampling = {.max_new_tokens = 1},
                     .wishes = ServedWishes{.restriction = {}, .score_prompt = true}});
  NELUMBO_CHECK(queued.ok()) << queued.error().message;
  std::vector<float> logprobs;
  while (!engine.idle()) {
    engine.step();
    for (const TokenNews& news : engine.news())
      if (!news.sample)
        logprobs.push_back(news.logprob);
  }
  logprobs.erase(logprobs.begin(), logprobs.end() - std::ssize(answer.tokens));
  return logprobs;
}

}  // namespace

Figure measure_divergence(Team& team, const ServedPolicy& own, const ServedPolicy& anchor,
                          std::span<const std::vector<int32_t>> prompts, const DivergenceLoad& load,
                          int64_t repeats) {
  const auto drawer = engine_of(team, own), other = engine_of(team, anchor);
  const auto tokens =
      static_cast<double>(std::ssize(prompts) * load.samples) * static_cast<double>(load.answer);
  std::vector<Group> groups;
  const double own_seconds =
      median_seconds(repeats, [&] { groups = drawn(*drawer, prompts, load); });
  const double anchor_seconds = median_seconds(repeats, [&] { drawn(*other, prompts, load); });
  double sum = 0, squares = 0, largest = 0;
  for (const Group& group : groups)
    for (const Trajectory& answer : group.trajectories) {
      const std::vector<float> logprobs = scored(*other, *group.prompt, answer);
      for (size_t i = 0; i < logprobs.size(); ++i) {
        const double log_ratio = double{logprobs[i]} - answer.logprobs[i];
        const double part = std::expm1(log_ratio) - log_ratio;
        sum += part;
        squares += part * part;
        largest = std::max(largest, std::abs(log_ratio));
      }
    }
  const double mean = sum / tokens;
  return {.name = "divergence",
          .unit = "tokens/s",
          .own = {"int8", tokens / own_seconds},
          .anchor = {"as stored", tokens / anchor_seconds},
          .details = {{"kl", mean},
                      {"kl_error", std::sqrt((squares / tokens - mean * mean) / tokens)},
                      {"logprob_abs_max", largest},
                      {"tokens", tokens},
                      {"threads", team.threads()}}};
}

}  // namespace nelumbo

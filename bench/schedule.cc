// SPDX-License-Identifier: Apache-2.0
#include "bench/schedule.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "bench/synthetic.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

/// Tokens of sample `sample` of prompt `prompt`.
using Lengths = std::function<int64_t(int64_t prompt, int64_t sample)>;

/// Ends each answer at the length that was dealt to it: every token ends a turn, and nothing is
/// observed behind those that do not end the answer.
class Dealt : public Endless {
 public:
  explicit Dealt(Lengths lengths) : lengths_(std::move(lengths)) {}

  bool ends_turn(int32_t /*token*/) const override { return true; }
  std::variant<Observation, Finish> after_turn(const Prompt& prompt, const Trajectory& trajectory,
                                               const Sampling& /*sampling*/,
                                               State* /*state*/) const override {
    if (std::ssize(trajectory.tokens) < lengths_(std::stoll(prompt.id), trajectory.sample))
      return Observation{};
    return Finish::kStop;
  }

 private:
  Lengths lengths_;
};

Lengths log_normal(const ScheduleLoad& load) {
  return [load](int64_t prompt, int64_t sample) {
    Random random(1, Purpose::kData, static_cast<uint64_t>(prompt), static_cast<uint32_t>(sample));
    const double length = load.median * std::exp(load.sigma * random.normal());
    return std::clamp<int64_t>(std::llround(length), 1, load.longest);
  };
}

int64_t tokens_of(const ScheduleLoad& load, const Lengths& lengths) {
  int64_t tokens = 0;
  for (int64_t prompt = 0; prompt < load.groups; ++prompt)
    for (int64_t sample = 0; sample < load.samples; ++sample)
      tokens += lengths(prompt, sample);
  return tokens;
}

/// What answering every prompt took.
struct Served {
  double tokens_per_second = 0;
  int64_t prompt_rows = 0;  ///< of one repeat
};

class Client {
 public:
  Client(Team& team, const Network& network, const ScheduleLoad& load, Lengths lengths)
      : load_(load), tokens_(tokens_of(load, lengths)) {
    const int64_t blocks = (load.prompt + load.longest) / kKeyBlock + 2;
    const EngineConfig config{.max_batch = load.running,
                              .prefill_tokens = load.prompt,
                              .key_blocks = 2 * (load.running + load.samples) * blocks,
                              .prefix_blocks = 0};
    engine_ = make_policy_engine(network, config, std::make_shared<const Dealt>(std::move(lengths)),
                                 team);
    engine_->load(drawn_weights(network), PolicyVersion{0});
    for (int64_t i = 0; i < load.groups; ++i) {
      auto prompt = std::make_shared<Prompt>();
      prompt->id = std::to_string(i);
      prompt->tokens = drawn_tokens(network, load.prompt, static_cast<uint64_t>(i));
      prompts_.push_back(std::move(prompt));
    }
  }

  Served serve(int64_t repeats) {
    const double seconds = median_seconds(repeats, [this] { answer_all(); });
    return {static_cast<double>(tokens_) / seconds, engine_->work().prompt_rows / (repeats + 1)};
  }

 private:
  void answer_all() {
    for (const auto& prompt : prompts_) {
      const auto queued = engine_->submit({.prompt = prompt,
                                           .samples = static_cast<int32_t>(load_.samples),
                                           .sampling = {.max_new_tokens = load_.longest}});
      NELUMBO_CHECK(queued.ok()) << queued.error().message;
    }
    int64_t drawn = 0;
    while (!engine_->idle())
      for (const Group& group : engine_->step())
        for (const Trajectory& trajectory : group.trajectories)
          drawn += std::ssize(trajectory.tokens);
    NELUMBO_CHECK(drawn == tokens_) << drawn << " tokens in place of " << tokens_;
  }

  ScheduleLoad load_;
  int64_t tokens_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::shared_ptr<const Prompt>> prompts_;
};

}  // namespace

Figure measure_schedule(Team& team, const ModelConfig& shape, const ScheduleLoad& load,
                        int64_t repeats) {
  const Network network = make_network(shape, StoredType::kBf16);
  const Lengths dealt = log_normal(load);
  const int64_t answers = load.groups * load.samples;
  const int64_t mean = (tokens_of(load, dealt) + answers / 2) / answers;
  const Served own = Client(team, network, load, dealt).serve(repeats);
  const Served anchor =
      Client(team, network, load, [mean](int64_t, int64_t) { return mean; }).serve(repeats);
  return {.name = "schedule",
          .unit = "tokens/s",
          .own = {"log-normal lengths", own.tokens_per_second},
          .anchor = {"equal lengths", anchor.tokens_per_second},
          .details = {{"groups", load.groups},
                      {"samples", load.samples},
                      {"running", load.running},
                      {"mean_length", mean},
                      {"prompt_tokens", load.groups * load.prompt},
                      {"prompt_rows", own.prompt_rows},
                      {"threads", team.threads()}}};
}

}  // namespace nelumbo

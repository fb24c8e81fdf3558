// SPDX-License-Identifier: Apache-2.0
#include "bench/synthetic.h"

#include <utility>

#include "base/rng.h"
#include "model/stored_type.h"

namespace nelumbo {

ModelConfig smollm2_shape() {
  ModelConfig config;
  config.architecture = "LlamaForCausalLM";
  config.sees = false;
  DecoderConfig& decoder = config.decoder;
  decoder.vocab_size = 49152;
  decoder.hidden_size = 576;
  decoder.intermediate_size = 1536;
  decoder.layers = 30;
  decoder.heads = 9;
  decoder.kv_heads = 3;
  decoder.max_positions = 8192;
  decoder.rope_theta = 100000;
  return config;
}

std::shared_ptr<const WeightSet> drawn_weights(const Network& network) {
  WeightSet weights = initial_weights(network, 1);
  for (NamedTensor& tensor : weights)
    round_to(network.type, tensor.values);
  return std::make_shared<const WeightSet>(std::move(weights));
}

DecoderCost cost_of(const Network& network) {
  const DecoderConfig& c = network.config.decoder;
  const auto width = static_cast<double>(c.hidden_size);
  const auto queries = static_cast<double>(c.heads * c.head_size());
  const auto keys = static_cast<double>(c.kv_heads * c.head_size());
  const auto inner = static_cast<double>(c.intermediate_size);
  const auto layers = static_cast<double>(c.layers);
  const double matrices = layers * width * (2 * queries + 2 * keys + 3 * inner);
  const double head = width * static_cast<double>(c.vocab_size);
  // In int8 with a scale for each 64, behind which the head is bf16.
  const double rounded = (matrices * 17 / 16 + head * 2) / (matrices + head);
  const double stored = network.type == StoredType::kBf16 ? 2.0 : 4.0;
  return {.layers = matrices,
          .head = head,
          .bytes = network.products == EngineProducts::kInt8 ? rounded : stored,
          .cache = layers * 2 * keys * stored,
          .attention = 4 * queries * layers};
}

std::vector<int32_t> drawn_tokens(const Network& network, int64_t count, uint64_t seed) {
  Random random(seed, Purpose::kData);
  std::vector<int32_t> tokens;
  for (int64_t i = 0; i < count; ++i)
    tokens.push_back(static_cast<int32_t>(random.below(network.config.decoder.vocab_size)));
  return tokens;
}

std::vector<TrainingGroup> drawn_groups(const Network& network, int64_t prompts, int64_t prompt,
                                        int64_t answers, int64_t length) {
  std::vector<TrainingGroup> groups;
  uint64_t seed = 0;
  for (int64_t i = 0; i < prompts; ++i) {
    TrainingGroup group{.prefix = drawn_tokens(network, prompt, ++seed), .pixels = {}, .items = {}};
    for (int64_t j = 0; j < answers; ++j) {
      TrainingItem item;
      item.task = "drawn";
      item.tokens = drawn_tokens(network, length, ++seed);
      item.trained.assign(item.tokens.size(), 1);
      group.items.push_back(std::move(item));
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

Environment::State Endless::start(const Prompt& /*prompt*/) const {
  return {};
}

bool Endless::ends_turn(int32_t /*token*/) const {
  return false;
}

std::variant<Observation, Finish> Endless::after_turn(const Prompt& /*prompt*/,
                                                      const Trajectory& /*trajectory*/,
                                                      const Sampling& /*sampling*/,
                                                      State* /*state*/) const {
  return Finish::kStop;
}

void Endless::finish(const Prompt& /*prompt*/, State /*state*/, Trajectory* /*trajectory*/) const {}

}  // namespace nelumbo

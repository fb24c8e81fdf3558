// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "corpus/dialogue.h"
#include "corpus/smear_view.h"
#include "corpus/smear_words.h"
#include "model/network.h"
#include "rollout/tool_environment.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// A policy small enough for tests, with a real tokenizer, and prompts about pictures of noise.
class TinyPolicy {
 public:
  explicit TinyPolicy(uint64_t seed = 1) {
    ModelConfig config;
    config.vision = {.image_size = 16,
                     .patch_size = 4,
                     .hidden_size = 16,
                     .intermediate_size = 24,
                     .layers = 1,
                     .heads = 2};
    config.decoder.hidden_size = 16;
    config.decoder.intermediate_size = 24;
    config.decoder.layers = 2;
    config.decoder.heads = 2;
    config.decoder.kv_heads = 1;
    auto tokenizer = train_tokenizer(
        tokenizer_texts(),
        {.vocab_size = 400, .special_tokens = special_tokens(), .added_tokens = added_tokens()});
    NELUMBO_CHECK(tokenizer.ok()) << tokenizer.error().message;
    config.decoder.vocab_size = tokenizer.value().size();
    auto made = Dialogue::create(tokenizer.value(), config.image_tokens());
    NELUMBO_CHECK(made.ok()) << made.error().message;
    dialogue = std::make_shared<const Dialogue>(std::move(made).value());
    config.image_token_id = dialogue->image();
    network = make_network(config);
    weights = std::make_shared<const WeightSet>(initial_weights(network, seed));
    environment = std::make_shared<const ToolEnvironment>(dialogue, config.vision.image_size);
  }

  /// A question about a picture of noise; `name` is its id and the seed of the noise.
  std::shared_ptr<const Prompt> prompt(const std::string& name) const {
    auto image = std::make_shared<Image>();
    image->width = image->height = 64;
    Random random(1, Purpose::kData, std::hash<std::string>{}(name));
    for (int i = 0; i < 64 * 64 * 3; ++i)
      image->rgb.push_back(static_cast<uint8_t>(random.below(256)));
    Prompt prompt;
    prompt.id = name;
    prompt.task = prompt.reward = "locate";
    prompt.text = locate_question();
    prompt.tokens = dialogue->prompt(prompt.text);
    prompt.view = {0, 0, 64, 64};
    prompt.image = image;
    prompt.pixels = {view_pixels(*image, {prompt.view, {}}, network.config.vision.image_size)};
    prompt.truth = {{"boxes", {{8, 8, 40, 40}}}, {"label", "white"}};
    return std::make_shared<const Prompt>(std::move(prompt));
  }

  std::shared_ptr<const Dialogue> dialogue;
  Network network;
  std::shared_ptr<const WeightSet> weights;
  std::shared_ptr<const Environment> environment;
};

}  // namespace nelumbo

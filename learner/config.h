// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// AdamW and its schedule: linear warm-up, then a cosine from lr to lr_end.
struct OptimizerConfig {
  double lr = 1e-3;
  double lr_end = 0;
  int64_t warmup = 50;
  double beta1 = 0.9;
  double beta2 = 0.95;
  double eps = 1e-8;
  double weight_decay = 0.01;
  double clip = 1;

  template <class V>
  void fields(V& v) {
    v(lr, "lr", "Peak learning rate.", Positive{});
    v(lr_end, "lr_end", "Learning rate that the cosine reaches when the last step is done.",
      NonNegative{});
    v(warmup, "warmup", "Steps of linear warm-up.", NonNegative{});
    v(beta1, "beta1", "Decay of the first moment.", Between{0, 0.9999});
    v(beta2, "beta2", "Decay of the second moment.", Between{0, 0.99999});
    v(eps, "eps", "Added to the root of the second moment.", Positive{});
    v(weight_decay, "weight_decay",
      "Decoupled weight decay; matrices only, token and position embeddings excepted.",
      NonNegative{});
    v(clip, "clip", "Largest global norm of the gradient.", Positive{});
  }

  Result<void> validate() const {
    if (lr_end > lr)
      return Error{Errc::kInvalidConfig, "lr_end: must be <= lr: the cosine only falls"};
    return {};
  }
};

/// LoRA (Hu et al., 2021): the weight W0 of a linear layer stays as it is, and what is trained is
/// the change (alpha / rank) B A, of low rank.
struct AdapterConfig {
  int64_t rank = 0;
  double alpha = 16;
  std::vector<std::string> targets = {"decoder"};

  template <class V>
  void fields(V& v) {
    v(rank, "rank",
      "Rank of the adapters that the stage trains in the place of the policy's own weights (LoRA); "
      "0 trains the weights themselves.",
      Between{0, 4096});
    v(alpha, "alpha", "An adapter's change is scaled by alpha / rank.", Positive{});
    v(targets, "targets",
      "Linear layers that get an adapter: those of a part (vision, connector, decoder), or named "
      "by "
      "the end of their name, as q_proj.",
      NotEmpty{});
  }
};

/// What is done about a step that leaps out of those before it, and about a policy that collapsed.
struct GuardConfig {
  double spike = 10;
  std::string policy = "warn";

  template <class V>
  void fields(V& v) {
    v(spike, "spike",
      "Robust deviations above the median of the latest 32 steps at which a loss, a norm of the "
      "gradient or a KL is a spike; 0 looks for none.",
      NonNegative{});
    v(policy, "policy",
      "What follows a spike. warn: the step counts, and a line tells of it; skip: its weights are "
      "not taken, and three in a row stop the run; rollback: the run goes on from its newest "
      "checkpoint without the steps since, which also follows a collapse (rl.entropy_floor, "
      "rl.zero_spread_alarm); stop: the run ends (exit code 5).",
      OneOf{"warn", "skip", "rollback", "stop"});
  }
};

/// What of the policy a stage trains, and how it remembers the way there.
struct TrainingConfig {
  std::vector<std::string> freeze = {};
  AdapterConfig adapter = {};
  bool checkpoint_blocks = false;
  GuardConfig guard = {};

  template <class V>
  void fields(V& v) {
    v(freeze, "freeze",
      "What the stage leaves as it is: parts (vision, connector, embeddings, decoder, head), or "
      "the beginnings of parameters' names.");
    v(adapter, "adapter", "Trains adapters of low rank.");
    v(checkpoint_blocks, "checkpoint_blocks",
      "Keeps only the input of each block of the decoder for the backward pass, which computes the "
      "rest again: less memory, more time, the same bits.");
    v(guard, "guard", "Watches over the stage's steps.");
  }
};

/// A stage that trains on given tokens: pretrain and sft.
struct TokenStageConfig {
  int64_t steps = 300;
  int64_t images = 16;
  int64_t items = 8;
  int64_t texts = 0;
  int64_t questions = 0;
  double text_weight = 0.25;
  int64_t max_tokens = 16384;
  int64_t validate_every = 50;
  double min_recall = 0;
  TrainingConfig training = {};
  OptimizerConfig optimizer;

  template <class V>
  void fields(V& v) {
    v(steps, "steps", "Optimizer steps.", NonNegative{});
    v(images, "images", "Pictures in one step.", Between{1, 65536});
    v(items, "items", "Items packed behind each picture, its caption included.", Between{1, 1024});
    v(texts, "texts", "Documents of the corpus in one step, as their entities weigh them.",
      Between{0, 65536});
    v(questions, "questions", "Questions without a picture in one step.", Between{0, 65536});
    v(text_weight, "text_weight",
      "Weight of a token of those, beside one of an item about a picture: they are many, and "
      "would drown what teaches to see.",
      Positive{});
    v(max_tokens, "max_tokens", "Tokens in one micro-batch.", Positive{});
    v(validate_every, "validate_every", "Steps between two validations.", Positive{});
    v(min_recall, "min_recall",
      "White-cell recall of the captions that ends the stage; it then goes on for at most twice "
      "its steps until that is reached. 0 does not ask.",
      Between{0, 1});
    training.fields(v);
    v(optimizer, "optimizer", "AdamW and its schedule.");
  }

  Result<void> validate() const {
    if (min_recall > 0 && optimizer.lr_end == 0)
      return Error{
          Errc::kInvalidConfig,
          "optimizer.lr_end: must be > 0 with min_recall: steps beyond 'steps' are taken at "
          "that rate"};
    return {};
  }
};

/// How midtrain draws traces of its own: answers of phase-1 checkpoints, at two temperatures, that
/// pass the outcome and the thinking gate are what phase 2 trains on.
struct TraceDrawConfig {
  static constexpr int64_t kMostCheckpoints = 8;

  int64_t steps = 0;
  int64_t checkpoints = 2;
  int64_t prompts = 128;
  int64_t samples = 2;
  double cool = 0.7;
  double hot = 1;

  template <class V>
  void fields(V& v) {
    v(steps, "steps", "Optimizer steps of phase 2; 0 draws nothing.", NonNegative{});
    v(checkpoints, "checkpoints",
      "Checkpoints of phase 1 that draw; the last is its end, the others lie in its second half.",
      Between{1, kMostCheckpoints});
    v(prompts, "prompts", "Prompts that each checkpoint answers.", Between{1, 65535});
    v(samples, "samples", "Answers to each prompt at each temperature.", Between{1, 64});
    v(cool, "cool", "The lower temperature.", Positive{});
    v(hot, "hot", "The higher temperature.", Positive{});
  }

  Result<void> validate() const {
    if (hot <= cool)
      return Error{Errc::kInvalidConfig, "hot: must be > cool: it is the higher temperature"};
    return {};
  }
};

/// Mid-training: phase 1 on chains built from gold paths, phase 2 on traces that passed the gates.
struct MidtrainConfig : TokenStageConfig {
  TraceDrawConfig draw;

  template <class V>
  void fields(V& v) {
    TokenStageConfig::fields(v);
    v(draw, "draw", "Phase 2: traces drawn from checkpoints of phase 1.");
  }

  Result<void> validate() const {
    if (draw.steps > 0 && draw.checkpoints > 1 && steps < 2 * draw.checkpoints)
      return Error{Errc::kInvalidConfig,
                   "draw.checkpoints: must be 1 or at most steps / 2: they are " +
                       std::to_string(draw.checkpoints) +
                       " different ones in the second half of phase 1"};
    return TokenStageConfig::validate();
  }
};

/// A stage on preferences: dpo, reward_model and prm.
struct PreferenceConfig {
  int64_t steps = 200;
  int64_t pairs = 16;
  int64_t max_tokens = 16384;
  int64_t validate_every = 50;
  TrainingConfig training = {};
  OptimizerConfig optimizer{.lr = 1e-5, .warmup = 10};

  template <class V>
  void fields(V& v) {
    v(steps, "steps", "Optimizer steps.", NonNegative{});
    v(pairs, "pairs", "Pairs in one step: what is better and what is worse.", Between{1, 65536});
    v(max_tokens, "max_tokens", "Tokens in one micro-batch; a pair is never cut.", Positive{});
    v(validate_every, "validate_every", "Steps between two validations on held-out pairs.",
      Positive{});
    training.fields(v);
    v(optimizer, "optimizer", "AdamW and its schedule.");
  }
};

/// Direct preference optimization.
struct DpoConfig : PreferenceConfig {
  double beta = 0.1;
  double label_smoothing = 0;

  template <class V>
  void fields(V& v) {
    v(beta, "beta", "How strongly the policy is held at the weights that the stage began with.",
      Positive{});
    v(label_smoothing, "label_smoothing", "Share of the pairs that are taken to be swapped.",
      Between{0, 0.49});
    PreferenceConfig::fields(v);
  }
};

/// Group-relative reinforcement learning.
struct RlConfig {
  int64_t steps = 300;
  int64_t prompts = 16;
  int64_t group_size = 8;
  int64_t max_staleness = 0;
  int64_t max_tokens = 16384;
  int64_t validate_every = 50;
  int64_t refill_rounds = 3;
  std::string advantage = "gdpo";
  std::string loss = "ppo_clip";
  std::string aggregation = "token_mean";
  int64_t loss_length = 64;
  double clip_low = 0.2;
  double clip_high = 0.28;
  double max_ratio = 2;
  double entropy_bonus = 0.003;
  double entropy_floor = 0.3;
  double zero_spread_alarm = 0.9;
  TrainingConfig training = {};
  OptimizerConfig optimizer{.lr = 1e-4, .warmup = 10};

  template <class V>
  void fields(V& v) {
    v(steps, "steps", "Optimizer steps.", NonNegative{});
    v(prompts, "prompts", "Prompts (groups) in one step.", Between{1, 65535});
    v(group_size, "group_size", "Answers drawn for each prompt.", Between{1, 4096});
    v(max_staleness, "max_staleness",
      "Versions that a token lags behind the weights that it trains: 0, rollout and learner take "
      "turns; 1, the next step's answers are drawn while the learner trains this one's; from 2 on, "
      "batches are what was answered first, new weights go on with answers that are being drawn, "
      "and a repetition has other bits.",
      Between{0, 8});
    v(max_tokens, "max_tokens", "Tokens in one micro-batch.", Positive{});
    v(validate_every, "validate_every", "Steps between two validations.", Positive{});
    v(refill_rounds, "refill_rounds", "Rounds that replace groups without spread.", Between{0, 10});
    v(advantage, "advantage", "How rewards become advantages.",
      OneOf{"grpo", "dr_grpo", "rloo", "gdpo"});
    v(loss, "loss",
      "Loss of one token. cispo and icepop weigh it by its ratio, cut at max_ratio, or 0 beyond.",
      OneOf{"ppo_clip", "reinforce", "cispo", "icepop"});
    v(aggregation, "aggregation", "How token losses become one number.",
      OneOf{"token_mean", "seq_mean_token_mean", "seq_mean_token_sum", "seq_mean_token_sum_max",
            "prompt_mean"});
    v(loss_length, "loss_length",
      "Answer length that seq_mean_token_sum_max divides by: the longest that can be drawn.",
      Positive{});
    v(clip_low, "clip_low", "Ratio may fall to 1 - clip_low.", Between{0, 1});
    v(clip_high, "clip_high", "Ratio may rise to 1 + clip_high.", Positive{});
    v(max_ratio, "max_ratio",
      "Largest ratio of cispo; icepop leaves out tokens beyond it or below its "
      "inverse.",
      Positive{});
    v(entropy_bonus, "entropy_bonus", "Weight of the entropy in the loss.", NonNegative{});
    v(entropy_floor, "entropy_floor",
      "Entropy, as a share of the first step's, below which the bonus grows and an alarm sounds.",
      Between{0, 1});
    v(zero_spread_alarm, "zero_spread_alarm",
      "Share of groups without spread, over 10 steps, that stops the run.", Between{0, 1});
    training.fields(v);
    v(optimizer, "optimizer", "AdamW and its schedule.");
  }

  /// A learner that cannot learn from one answer says so before the run.
  Result<void> validate() const {
    if (group_size < 2)
      return Error{Errc::kInvalidConfig, "group_size: must be >= 2: the advantage '" + advantage +
                                             "' compares the answers of a group"};
    if (max_staleness > 1 && loss == "reinforce")
      return Error{
          Errc::kInvalidConfig,
          "loss: 'reinforce' does not weigh tokens of other weights, of which "
          "max_staleness: " +
              std::to_string(max_staleness) +
              " has many; take cispo, icepop or ppo_clip, or a max_staleness of at most 1"};
    if (max_ratio <= 1)
      return Error{
          Errc::kInvalidConfig,
          "max_ratio: must be > 1: a ratio of 1 is that of a token drawn by these weights"};
    return {};
  }
};

}  // namespace nelumbo

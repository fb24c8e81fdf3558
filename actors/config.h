// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// The name and the place of a run.
struct RunPlaceConfig {
  std::string root = "runs";
  std::string name = "run";
  int64_t seed = 1;
  int64_t checkpoint_every = 50;
  int64_t keep_checkpoints = 2;
  double checkpoint_wait = 60;

  template <class V>
  void fields(V& v) {
    v(root, "root", "Folder of all runs.", NotEmpty{});
    v(name, "name", "Folder of this run inside it.", NotEmpty{});
    v(seed, "seed", "Seed of every random number of the run.", NonNegative{});
    v(checkpoint_every, "checkpoint_every", "Steps between two checkpoints.", Positive{});
    v(keep_checkpoints, "keep_checkpoints", "Newest checkpoints that are kept.", Positive{});
    v(checkpoint_wait, "checkpoint_wait",
      "Seconds that a checkpoint which is due waits for the one before it, which is still being "
      "written; then it is left out, with a warning.",
      NonNegative{});
  }

  Result<void> validate() const {
    if (name.find('/') != std::string::npos || name == "." || name == "..")
      return Error{Errc::kInvalidConfig,
                   "name: must be the name of one folder: no '/', not '.' or '..'"};
    if (name == "stages")
      return Error{Errc::kInvalidConfig,
                   "name: the folder 'stages' keeps finished stages; choose another"};
    return {};
  }
};

/// Which actors a run has, and how long each may take.
struct PlacementConfig {
  std::string processes = "one";
  int64_t rollouts = 2;
  int64_t joined = 0;
  int64_t most_rollouts = 0;
  int64_t rewards = 1;
  int64_t learners = 1;
  std::string sharding = "replicated";
  std::string collectives = "gloo";
  int64_t cores = 2;
  double rollout_deadline = 120;
  double learner_deadline = 300;
  double reward_deadline = 30;
  double lease = 15;
  int64_t restarts = 5;

  template <class V>
  void fields(V& v) {
    v(processes, "processes",
      "Where rollout actors and learner ranks live: all in the coordinator's process, or each in a "
      "process of its own ('separate'). A rollout process may fail without harm to the others.",
      OneOf{"one", "separate"});
    v(rollouts, "rollouts", "Rollout actors.", Between{1, 64});
    v(joined, "joined",
      "How many of them are not started by the coordinator, but join it from other machines "
      "('nelumbo node').",
      Between{0, 64});
    v(most_rollouts, "most_rollouts",
      "Rollout actors at most: processes that join besides work, too, up to so many. 0: they wait "
      "until one is missing.",
      Between{0, 256});
    v(rewards, "rewards", "Reward actors.", Between{1, 64});
    v(learners, "learners",
      "Ranks that share a learner's steps; each computes a part of the micro-batches.",
      Between{1, 64});
    v(sharding, "sharding",
      "What each of them holds: 'replicated' everything, 'optimizer' its part of the moments (ZeRO "
      "stage 1), 'full' its part of everything (ZeRO stage 3). The bits are the same.",
      OneOf{"replicated", "optimizer", "full"});
    v(collectives, "collectives",
      "What they talk over: 'gloo', TCP on loopback; or 'nccl', which needs a build with NCCL "
      "and a GPU for each of them.",
      OneOf{"gloo", "nccl"});
    v(cores, "cores",
      "Threads of a role's compute team. Rollout and learner take turns with one, unless "
      "rl.max_staleness lets them work at once: then each has its own.",
      Between{1, 256});
    v(rollout_deadline, "rollout_deadline", "Seconds that a group may take.", Positive{});
    v(learner_deadline, "learner_deadline", "Seconds that a learner step may take.", Positive{});
    v(reward_deadline, "reward_deadline", "Seconds that scoring a group may take.", Positive{});
    v(lease, "lease",
      "Seconds that a worker process may say nothing before another takes its place.", Positive{});
    v(restarts, "restarts", "Replacements of failed actors, in all, before the run gives up.",
      NonNegative{});
  }

  Result<void> validate() const {
    if (joined > rollouts)
      return Error{Errc::kInvalidConfig,
                   "joined: must be at most rollouts, which is " + std::to_string(rollouts)};
    if (most_rollouts != 0 && most_rollouts < rollouts)
      return Error{
          Errc::kInvalidConfig,
          "most_rollouts: must be 0 or at least rollouts, which is " + std::to_string(rollouts)};
    if (processes == "one" && (joined > 0 || most_rollouts > 0))
      return Error{Errc::kInvalidConfig,
                   "joined and most_rollouts: need processes: separate; no process joins else"};
    return {};
  }
};

/// Which prompts a policy can learn from: those that it solves now and then. The stage filter
/// answers each a few times and keeps those whose share of right answers lies in a range; later
/// stages train and validate on these alone.
struct FilterConfig {
  int64_t max_prompts = 512;
  int64_t samples = 8;
  double low = 0.1;
  double high = 0.9;
  int64_t prompts = 32;

  template <class V>
  void fields(V& v) {
    v(max_prompts, "max_prompts", "Training prompts that are tried.", Between{1, 1000000});
    v(samples, "samples", "Answers to each.", Between{1, 4096});
    v(low, "low", "Smallest share of right answers that is kept.", Between{0, 1});
    v(high, "high", "Largest share of right answers that is kept.", Between{0, 1});
    v(prompts, "prompts", "Prompts tried in one step.", Between{1, 65535});
  }

  Result<void> validate() const {
    if (high < low)
      return Error{Errc::kInvalidConfig, "high: must be >= low"};
    return {};
  }
};

/// Plants one fault in a rollout actor, to rehearse supervision. 0 plants none.
struct FaultConfig {
  int64_t throw_at_group = 0;
  int64_t stall_at_group = 0;

  template <class V>
  void fields(V& v) {
    v(throw_at_group, "throw_at_group",
      "The n-th group leased in the run makes its rollout actor throw, once.", NonNegative{});
    v(stall_at_group, "stall_at_group",
      "The n-th group leased in the run makes its rollout actor hang past its deadline, once.",
      NonNegative{});
  }
};

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "actors/actor_crew.h"
#include "actors/rollout_actor.h"
#include "actors/stage_loop.h"
#include "tests/support/actor_fixture.h"
#include "tests/support/fake_run.h"
#include "tests/support/simulated_link.h"

namespace nelumbo {

/// The coordinator's process was killed here.
struct SimulatedKill {};

/// A reward specification whose actor ends now and then.
class SimulatedReward : public FakeReward {
 public:
  explicit SimulatedReward(SimulatedWorld* world) : world_(world) { on.retries = 1'000; }

  std::vector<Outcome> score(const Group& group) const override {
    if (world_->strikes(world_->faults.reward))
      throw std::runtime_error("a reward actor ended");
    return FakeReward::score(group);
  }

 private:
  SimulatedWorld* world_;
};

/// A learner that ends in the middle of a step, once or so, and looks at how old its batch is.
class SimulatedLearner : public FakeLearner {
 public:
  SimulatedLearner(SimulatedWorld* world, int64_t staleness)
      : world_(world), staleness_(static_cast<uint64_t>(staleness)) {}

  Result<Metrics> train_tokens(std::span<const TrainingGroup> groups,
                               const TokenStageConfig& config, StepPlace place) override {
    end_now_and_then();
    return FakeLearner::train_tokens(groups, config, place);
  }

  Result<Metrics> train_policy(std::span<const ScoredGroup> groups, const RlConfig& config,
                               StepPlace place) override {
    end_now_and_then();
    for (const ScoredGroup& group : groups)
      for (const Trajectory& trajectory : group.group->trajectories)
        if (static_cast<uint64_t>(trajectory.version) + staleness_ < world_->newest)
          world_->violation("a batch holds version " +
                            std::to_string(static_cast<uint64_t>(trajectory.version)) +
                            " while the engines have " + std::to_string(world_->newest));
    return FakeLearner::train_policy(groups, config, place);
  }

 private:
  void end_now_and_then() {
    if (world_->faults.learners == 0 || world_->ending || world_->random.uniform() > 0.2)
      return;
    --world_->faults.learners;
    throw std::runtime_error("the learner ended");
  }

  SimulatedWorld* world_;
  uint64_t staleness_;
};

/// A run of fakes through the real actors, stages, ledger and checkpoints, in one thread and in
/// virtual time, with the faults of a seed. Processes end and are begun anew until it is done.
class Simulation {
 public:
  /// `staleness`: rl.max_staleness; none: 0 or 1, by the seed.
  Simulation(uint64_t seed, bool faulty, std::optional<int64_t> staleness = std::nullopt)
      : world_(seed), fakes_({StageKind::kPretrain, StageKind::kRl, StageKind::kEvaluate}) {
    PipelineSetup& setup = fakes_.setup;
    setup.pretrain.steps = 2;
    setup.rl.max_staleness = staleness.value_or(static_cast<int64_t>(seed % 2));
    PlacementConfig& placement = setup.crew.placement;
    placement.restarts = 100'000;
    placement.rollout_deadline = world_.deadline;
    if (faulty) {
      world_.faults = SimulatedFaults::drawn(world_.random);
      placement.rollouts = 1 + world_.random.below(4);
      placement.rewards = 1 + world_.random.below(3);
    }
    setup.crew.reward = std::make_shared<SimulatedReward>(&world_);
    setup.crew.make_learner = [this, lag = setup.rl.max_staleness](LearnerRanks) {
      return std::make_unique<SimulatedLearner>(&world_, lag);
    };
    setup.stop_requested = [this] { return stops(); };
    learners_left_ = world_.faults.learners;
  }

  /// Runs to the end. What is wrong with it stands in violations().
  void run() {
    constexpr int kMostProcesses = 100;
    for (int process = 0; process < kMostProcesses && !done_; ++process) {
      begin_process(process > 0);
      crash_disk(one_process());
    }
    if (!done_)
      world_.violation("the run did not end within 100 processes");
    check_ledger();
  }

  const std::vector<std::string>& violations() const { return world_.violations; }
  const std::string& weights_hash() const { return weights_hash_; }
  /// Who trained when: a sample of a group, and its step.
  const std::map<std::pair<uint64_t, uint32_t>, uint64_t>& committed() const { return committed_; }
  int64_t processes() const { return processes_; }
  int64_t events() const { return events_; }

 private:
  /// What one process leaves when it ends.
  enum class End { kDone, kGoesOn, kKilled };

  bool stops() {
    if (world_.faults.stops == 0 || world_.ending || world_.random.uniform() > 0.1)
      return false;
    --world_.faults.stops;
    return true;
  }

  void begin_process(bool resume) {
    ++processes_;
    world_.ending = false;
    world_.late = 0;
    fakes_.open(resume);
    kill_in_ = world_.faults.kills > 0 ? 1 + world_.random.below(kKillWithin) : 0;
  }

  ActorCrewSetup crew_setup(caf::actor_system& system, std::unique_ptr<Ledger> ledger) {
    ActorCrewSetup setup;
    setup.crew = fakes_.setup.crew;
    setup.ledger = std::move(ledger);
    setup.hire_rollout = [this, &system](Roster& roster, const CoordinatorActor& coordinator) {
      const auto hire = [this, &system](RolloutClient client) {
        return system.spawn(rollout_actor, std::move(client),
                            RolloutSetup{fakes_.setup.crew.make_engine, {}, nullptr, {}});
      };
      HiredRollout hired;
      hired.actor = roster.light(simulated_link, caf::actor_cast<RolloutClient>(coordinator),
                                 &world_, std::function<RolloutActor(RolloutClient)>(hire));
      return hired;
    };
    return setup;
  }

  End one_process() {
    TestSystemConfig config;
    caf::actor_system system(config);
    auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
    const auto clock = [&scheduler] { return scheduler.clock().now(); };
    CheckpointStore store(fakes_.directory->checkpoints_path(), fakes_.directory->config_hash(), 2,
                          fakes_.setup.write_model);
    std::vector<std::string> skipped;
    std::optional<Checkpoint> beginning = store.newest(&skipped);
    world_.newest = beginning ? beginning->state.version : 0;
    auto ledger = Ledger::open(fakes_.directory->ledger_path(), clock);
    if (!ledger || !ledger.value()->roll_back(beginning ? beginning->state.step : 0)) {
      world_.violation("ledger: " + (ledger ? "cannot be rolled back" : ledger.error().message));
      return End::kKilled;
    }
    const uint32_t incarnation = ledger.value()->incarnation();
    End end = End::kGoesOn;
    {
      ActorCrew crew(system, Threads::kPooled, crew_setup(system, std::move(ledger).value()),
                     [&](const std::function<bool()>& arrived) { pump(scheduler, arrived); });
      StageContext context(fakes_.setup, crew, &store, incarnation, clock);
      end = run_stages(context, crew, scheduler, std::move(beginning));
      world_.ending = true;
    }
    scheduler.run();
    return end;
  }

  End run_stages(StageContext& context, ActorCrew& crew,
                 caf::scheduler::test_coordinator& scheduler, std::optional<Checkpoint> beginning) {
    try {
      const PipelineReport report = StageLoop(context, std::move(beginning)).run();
      if (!report.end && !may_end_by(report.end.error()))
        world_.violation("the run ended: " + report.end.error().message);
      check_fences(crew, scheduler);
      if (!report.end)
        return End::kGoesOn;
      done_ = true;
      weights_hash_ = report.weights_hash;
      return End::kDone;
    } catch (const SimulatedKill&) {
      world_.ending = true;
      kill_in_ = 0;
      left_ = bytes_of_ledger();
      return End::kKilled;
    }
  }

  /// SIGTERM, an end of the learner, and a group that too many processes ended over stop a process;
  /// the next one goes on.
  bool may_end_by(const Error& error) {
    return error.code == Errc::kPreempted || learner_ended() ||
           error.message.find("that held it failed") != std::string::npos;
  }

  /// The one that the faults planned has struck since this was last asked.
  bool learner_ended() {
    return std::exchange(learners_left_, world_.faults.learners) > world_.faults.learners;
  }

  void check_fences(ActorCrew& crew, caf::scheduler::test_coordinator& scheduler) {
    world_.ending = true;
    kill_in_ = 0;
    scheduler.run();
    const auto counts = crew.counts();
    if (counts && counts.value().fenced < world_.late)
      world_.violation(std::to_string(world_.late) + " late deliveries, of which " +
                       std::to_string(counts.value().fenced) + " were refused");
    world_.late = 0;
  }

  /// Moves messages in a random order, and time when nothing moves, until something arrived.
  void pump(caf::scheduler::test_coordinator& scheduler, const std::function<bool()>& arrived) {
    for (int64_t events = 0;; ++events, ++events_) {
      if (kill_in_ > 0 && --kill_in_ == 0) {
        --world_.faults.kills;
        throw SimulatedKill();
      }
      // Behind a kill, what was asked before it may arrive first.
      const bool early = !world_.ending && world_.random.uniform() < 0.2;
      if (arrived() && (scheduler.jobs.empty() || early))
        return;
      if (events > kMostEvents) {
        world_.violation("no answer after 200,000 messages");
        throw SimulatedKill();
      }
      if (!scheduler.jobs.empty()) {
        const auto next = world_.random.below(std::ssize(scheduler.jobs));
        std::swap(scheduler.jobs.front(), scheduler.jobs[static_cast<size_t>(next)]);
        scheduler.run_once();
      } else if (!scheduler.trigger_timeout()) {
        world_.violation("nobody answers, and nobody waits for a deadline");
        throw SimulatedKill();
      }
    }
  }

  std::string ledger_path() const { return fakes_.directory->ledger_path(); }
  std::string bytes_of_ledger() const {
    std::ifstream in(ledger_path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// What a kill does to files: what was not written is not there, the last record may be torn, a
  /// checkpoint half written, or the newest one damaged.
  void crash_disk(End end) {
    if (end != End::kKilled)
      return;
    std::string bytes = std::move(left_);
    if (world_.random.uniform() < 0.5)
      for (int64_t torn = world_.random.below(40); torn > 0; --torn)
        bytes += static_cast<char>(world_.random.below(256));
    std::ofstream(ledger_path(), std::ios::binary | std::ios::trunc) << bytes;
    const std::filesystem::path folder = fakes_.directory->checkpoints_path();
    if (world_.random.uniform() < 0.3) {
      std::filesystem::create_directories(folder / "step_7.tmp-1");
      std::ofstream(folder / "step_7.tmp-1" / "state.json") << "{";
    }
    if (world_.random.uniform() < 0.2)
      damage_newest(folder);
  }

  static void damage_newest(const std::filesystem::path& folder) {
    std::map<int64_t, std::filesystem::path> steps;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("step_") && name.find('.') == std::string::npos)
        steps.emplace(std::stoll(name.substr(5)), entry.path());
    }
    if (steps.size() < 2)
      return;
    const auto file = steps.rbegin()->second / "optimizer.safetensors";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1, none);
  }

  /// Each sample that was trained was trained once, and none hangs in the air.
  void check_ledger() {
    const auto reading = read_ledger(ledger_path());
    if (!reading)
      return world_.violation("ledger: " + reading.error().message);
    const LedgerCounts& counts = reading.value().counts;
    if (counts.issued != counts.committed + counts.dropped || counts.in_flight != 0)
      world_.violation("issued " + std::to_string(counts.issued) + ", committed " +
                       std::to_string(counts.committed) + ", dropped " +
                       std::to_string(counts.dropped) + ", in flight " +
                       std::to_string(counts.in_flight));
    std::map<SampleId, LedgerRecord> last;
    for (const LedgerRecord& record : reading.value().records)
      last[record.id] = record;
    for (const auto& [id, record] : last)
      if (record.fate == Fate::kCommitted &&
          !committed_.emplace(std::pair(id.group, id.sample), record.number).second)
        world_.violation("sample " + std::to_string(id.sample) + " of group " +
                         std::to_string(id.group) + " was trained twice");
  }

  static constexpr int64_t kMostEvents = 200'000;
  static constexpr int64_t kKillWithin = 1'500;  ///< a whole run has about as many events

  SimulatedWorld world_;
  FakeRun fakes_;
  int64_t learners_left_ = 0;
  int64_t kill_in_ = 0;
  bool done_ = false;
  std::string left_;  ///< the ledger's bytes when the process was killed
  std::string weights_hash_;
  std::map<std::pair<uint64_t, uint32_t>, uint64_t> committed_;
  int64_t processes_ = 0, events_ = 0;
};

}  // namespace nelumbo

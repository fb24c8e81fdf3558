// SPDX-License-Identifier: Apache-2.0
#include "actors/system.h"

#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <caf/actor_system.hpp>

#include "actors/actor_crew.h"
#include "actors/cluster.h"
#include "actors/rollback.h"
#include "actors/stage_loop.h"
#include "actors/system_config.h"
#include "base/text.h"

namespace nelumbo {
namespace {

constexpr std::chrono::seconds kGrace{15};

/// A system with its crew. When a thread hangs, leaving would wait for it for ever: then both are
/// left as they are, and the process has to end without them.
class Company {
 public:
  /// kEnvironment where worker processes are wanted and nothing can listen for them.
  static Result<std::unique_ptr<Company>> found(ActorCrewSetup setup, const Gathering& gathering) {
    auto company = std::make_unique<Company>();
    company->config_ = std::make_unique<SystemConfig>();
    const PlacementConfig& placement = setup.crew.placement;
    if (placement.processes == "separate")
      company->config_->admit_processes(gathering.listening.credentials.get());
    company->system_ = std::make_unique<caf::actor_system>(*company->config_);
    if (placement.processes == "separate") {
      auto cluster = Cluster::open(*company->system_,
                                   {.placement = placement,
                                    .task = setup.crew.task,
                                    .learners = setup.crew.make_learner != nullptr,
                                    .listening = gathering.listening,
                                    .inputs = gathering.inputs,
                                    .logs = setup.directory ? setup.directory->logs_path() : "",
                                    .warn = setup.warn,
                                    .crashes = setup.crashes});
      if (!cluster)
        return cluster.error();
      company->cluster_ = std::move(cluster).value();
      setup.cluster = company->cluster_.get();
      setup.hire_learner = [cluster = setup.cluster](Roster& roster, int64_t rank) {
        return cluster->hire_learner(roster, rank);
      };
      setup.hire_rollout = [cluster = setup.cluster](Roster& roster,
                                                     const CoordinatorActor& coordinator) {
        HiredRollout hired;
        hired.actor = cluster->hire_rollout(roster, coordinator);
        return hired;
      };
    }
    try {
      company->crew_ =
          std::make_unique<ActorCrew>(*company->system_, Threads::kOwn, std::move(setup), nullptr);
    } catch (const std::exception&) {  // of the actors that were begun nobody says when they end
      company->leave();
      return from_caf_error(error_of_exception(std::current_exception()), "the run's actors");
    }
    return company;
  }
  Company() = default;
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;
  /// Ends all. What a thread that hangs uses is left to it.
  ~Company() {
    if (!crew_)
      return;
    crew_->dismiss();
    if (!crew_->wait_until_gone(kGrace))
      leave();
  }

  ActorCrew& crew() { return *crew_; }
  /// Where worker processes join; none where all actors are here.
  std::optional<Address> address() const {
    return cluster_ ? std::optional(cluster_->address()) : std::nullopt;
  }

 private:
  /// Leaves all as it is.
  void leave() {
    (void)crew_.release();
    (void)cluster_.release();  // its children end with this process
    (void)system_.release();
    (void)config_.release();
  }

  std::unique_ptr<SystemConfig> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<Cluster> cluster_;  ///< none: all actors are here
  std::unique_ptr<ActorCrew> crew_;
};

/// Where a run begins.
struct Beginning {
  std::optional<Checkpoint> checkpoint;
  int64_t reused = 0;   ///< stages that another run computed
  bool is_own = false;  ///< the checkpoint is one of this run

  int64_t step() const { return checkpoint ? checkpoint->state.step : 0; }
};

void warn(const PipelineSetup& setup, const std::string& sentence) {
  if (setup.on_warning)
    setup.on_warning(sentence);
}

void warn_skipped(const PipelineSetup& setup, const std::string& what,
                  const std::vector<std::string>& skipped) {
  for (const std::string& sentence : skipped)
    warn(setup, std::string(what).append(" skipped: ").append(sentence));
}

/// A checkpoint of another run may be gone on from only where this run, too, would be done with
/// what lies behind it.
Result<void> check_progress(const PipelineSetup& setup, const RunState& state) {
  const int64_t stages = std::ssize(setup.stages);
  const auto other = [](const std::string& what) {
    return Error{Errc::kInvalidConfig, "is of a run of another configuration: " + what +
                                           "; go on with the configuration that it is of"};
  };
  if (state.stage_index > stages || state.stage_index != std::ssize(state.stage_steps))
    return other("it ended " + std::to_string(state.stage_steps.size()) + " stages, and this has " +
                 std::to_string(stages));
  for (int64_t i = 0; i < state.stage_index; ++i) {
    const StageKind kind = setup.stages[static_cast<size_t>(i)];
    const int64_t done = state.stage_steps[static_cast<size_t>(i)];
    if (done < planned_steps(setup, kind))
      return other("it ended " + stage_name(kind) + " after " + std::to_string(done) +
                   " steps, and this takes " + std::to_string(planned_steps(setup, kind)));
  }
  if (state.stage_index < stages && state.stage_step > 0) {
    const StageKind kind = setup.stages[static_cast<size_t>(state.stage_index)];
    if (state.stage != stage_name(kind))
      return other("it is in the stage " + state.stage + ", where this has " + stage_name(kind));
  }
  return {};
}

/// Whether the checkpoint that was asked for is one of this run: then it goes back to it.
bool goes_back(const PipelineSetup& setup) {
  std::error_code none;
  return setup.resume_from &&
         std::filesystem::equivalent(std::filesystem::path(*setup.resume_from).parent_path(),
                                     setup.directory->checkpoints_path(), none);
}

Result<Beginning> begin_at(const PipelineSetup& setup, const std::string& path,
                           const CheckpointStore& store) {
  auto loaded = CheckpointStore::load(path);
  if (!loaded)
    return loaded.error();
  Checkpoint found = std::move(loaded).value();
  if (auto fits = check_progress(setup, found.state); !fits)
    return Error{fits.error().code, path + ": " + fits.error().message};
  if (found.state.best && !store.has_step(found.state.best->step))
    found.state.best.reset();  // it stayed behind in the run that wrote it
  found.ledger_offset = 0;     // of that run
  return Beginning{.checkpoint = std::move(found), .is_own = goes_back(setup)};
}

Beginning begin_behind_finished_stages(const PipelineSetup& setup) {
  std::vector<std::string> skipped;
  auto start = setup.cache->find(setup.directory->path(), &skipped);
  warn_skipped(setup, "kept stage", skipped);
  if (!start)
    return {};
  std::vector<std::string> names;
  for (StageKind stage : std::span(setup.stages).first(static_cast<size_t>(start->stages)))
    names.push_back(stage_name(stage));
  if (setup.on_notice)
    setup.on_notice("reused, not computed again: " + joined(names, ", ") + " (" +
                    start->checkpoint.path + ")");
  start->checkpoint.ledger_offset = 0;  // of that run
  return {std::move(start->checkpoint), start->stages};
}

/// From the run's own newest checkpoint, unless it goes back to another, else from that of another
/// run which was asked for, else behind the stages that another run has finished, else from
/// nothing.
Result<Beginning> find_beginning(const PipelineSetup& setup, const CheckpointStore& store) {
  if (setup.directory->resumed() && !goes_back(setup)) {
    std::vector<std::string> skipped;
    auto newest = store.newest(&skipped);
    warn_skipped(setup, "checkpoint", skipped);
    if (const auto lost = store.lost())
      warn(setup, *lost + (newest ? "; goes on from step " + std::to_string(newest->state.step)
                                  : "; begins anew"));
    if (newest && setup.resume_from)
      warn(setup, *setup.resume_from +
                      ": is where this run begins, and not where it goes on: it has "
                      "checkpoints of its own; to begin there again, choose "
                      "another run.name");
    if (newest)
      return Beginning{.checkpoint = std::move(newest), .is_own = true};
  }
  if (setup.resume_from)
    return begin_at(setup, *setup.resume_from, store);
  return setup.cache ? begin_behind_finished_stages(setup) : Beginning();
}

/// The ledger and the metrics as they were at the checkpoint, which is the newest from now on.
Result<std::unique_ptr<Ledger>> open_records(const PipelineSetup& setup,
                                             const CheckpointStore& store,
                                             const Beginning& beginning) {
  const int64_t step = beginning.step();
  const auto& checkpoint = beginning.checkpoint;
  auto ledger =
      Ledger::open(setup.directory->ledger_path(), [] { return std::chrono::steady_clock::now(); },
                   {setup.directory->config_hash() + setup.directory->id(),
                    checkpoint ? checkpoint->ledger_offset : 0});
  if (!ledger)
    return ledger.error();
  setup.directory->keep_ledger();
  if (ledger.value()->cut_bytes() > 0)
    warn(setup, setup.directory->ledger_path() + ": cut a torn tail of " +
                    std::to_string(ledger.value()->cut_bytes()) + " bytes");
  const auto passed = store.go_on_from(step);
  if (!passed)
    return passed.error();
  for (const std::string& sentence : passed.value())
    warn(setup, sentence);
  if (auto done = ledger.value()->roll_back(step); !done)
    return done.error();
  auto cut = setup.directory->cut_metrics(step);
  if (!cut)
    return cut.error();
  if (cut.value().torn_bytes > 0)
    warn(setup, setup.directory->metrics_path() + ": dropped a torn last line (" +
                    std::to_string(cut.value().torn_bytes) + " bytes) and " +
                    std::to_string(cut.value().rows) + " behind step " + std::to_string(step) +
                    ", from which the run goes on");
  if (!beginning.is_own && cut.value().rows > 0)
    warn(setup, setup.directory->checkpoints_path() + ": there is no checkpoint; " +
                    std::to_string(cut.value().rows) + " steps are done again");
  return ledger;
}

ActorCrewSetup crew_of(const PipelineSetup& setup, std::unique_ptr<Ledger> ledger) {
  ActorCrewSetup crew;
  crew.crew = setup.crew;
  crew.ledger = std::move(ledger);
  crew.directory = setup.directory;
  std::string crashes, rollbacks;  // what of them is damaged
  crew.crashes = std::make_shared<CrashBook>(setup.directory->path(), &crashes);
  (void)read_rollbacks(setup.directory->path(), &rollbacks);
  for (const std::string& damaged : {crashes, rollbacks})
    if (!damaged.empty())
      warn(setup, damaged);
  crew.status_path = setup.directory->live_path();
  crew.traces = setup.traces;
  crew.on_metrics = setup.on_metrics;
  crew.warn = setup.on_warning;
  return crew;
}

PipelineReport run_stages(const PipelineSetup& setup, const Gathering& gathering) {
  PipelineReport report;
  CheckpointStore store(setup.directory->checkpoints_path(), setup.directory->config_hash(),
                        setup.run.keep_checkpoints, setup.write_model);
  auto found = find_beginning(setup, store);
  if (!found) {
    report.end = found.error();
    return report;
  }
  Beginning& beginning = found.value();
  auto ledger = open_records(setup, store, beginning);
  if (!ledger) {
    report.end = ledger.error();
    return report;
  }
  const uint32_t incarnation = ledger.value()->incarnation();
  auto company = Company::found(crew_of(setup, std::move(ledger).value()), gathering);
  if (!company) {
    report.end = company.error();
    return report;
  }
  if (const auto address = company.value()->address(); address && setup.on_notice)
    setup.on_notice("worker processes join at " + text_of(*address) +
                    (gathering.listening.credentials ? ", with certificates" : ""));
  StageContext context(setup, company.value()->crew(), &store, incarnation,
                       [] { return std::chrono::steady_clock::now(); });
  report = StageLoop(context, std::move(beginning.checkpoint), beginning.reused).run();
  return report;
}

RunStatus status_of(const PipelineReport& report) {
  if (report.end.ok())
    return {"done", "after " + std::to_string(report.steps) + " steps"};
  const Error& error = report.end.error();
  return {error.code == Errc::kPreempted ? "preempted" : "failed", error.message};
}

}  // namespace

PipelineReport run_pipeline(const PipelineSetup& setup, const Gathering& gathering) {
  if (auto done = setup.directory->set_status({"running", "since this process started"}); !done) {
    PipelineReport report;
    report.end = done.error();
    return report;
  }
  PipelineReport report = run_stages(setup, gathering);
  auto told = setup.directory->set_status(status_of(report));
  if (!told && report.end.ok())
    report.end = told.error();
  return report;
}

}  // namespace nelumbo

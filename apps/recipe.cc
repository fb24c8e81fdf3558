// SPDX-License-Identifier: Apache-2.0
#include "apps/recipe.h"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <mutex>
#include <utility>

#include "actors/checkpoint.h"
#include "actors/system.h"
#include "apps/evaluation_book.h"
#include "apps/fault_report.h"
#include "apps/json_fields.h"
#include "apps/report.h"
#include "apps/run_clock.h"
#include "apps/run_plan.h"
#include "apps/run_progress.h"
#include "apps/run_record.h"
#include "apps/run_replay.h"
#include "apps/run_summary.h"
#include "apps/stage_keys.h"
#include "apps/work_inputs.h"
#include "base/complaints.h"
#include "base/file.h"
#include "base/kill_point.h"
#include "configs/run_config.h"
#include "reward/quarantine.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;
using Say = std::function<void(const std::string&)>;

constexpr int64_t kMostWarnings = 20;  // that summary and report show

double now_in_seconds() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

json read_json_file(const std::string& path) {
  const Result<std::string> text = read_file(path, 64 << 20);
  return text ? json::parse(text.value(), nullptr, false) : json();
}

/// What a finished run has to say: its summary, and its report, written again if it is missing or
/// older.
RunResult finished(const std::string& directory, const Say& say) {
  RunResult result;
  result.directory = directory;
  result.summary = read_json_file(directory + "/summary.json");
  say(directory + ": this run is finished; its report is " + directory + "/report.html");
  std::error_code missing, none;
  const auto report = std::filesystem::last_write_time(directory + "/report.html", missing);
  if (missing || report < std::filesystem::last_write_time(directory + "/summary.json", none))
    result.end = write_report(directory);
  return result;
}

/// Everything that one call of `run_recipe` holds, in the order in which it comes to be.
class RecipeRun {
 public:
  RecipeRun(const RunOptions& options, const Say& say) : options_(options), say_(say) {}

  RunResult run() {
    if (Result<void> ready = prepare(); !ready || over_)
      return ready ? finished(place_, say_) : failed(ready.error());
    book_ = std::make_shared<EvaluationBook>(config_, place_);
    PipelineSetup setup = plan_->setup(stages_, book_, place_);
    setup.directory = directory_.get();
    if (setup.crew.reward)
      keep_dumps(*setup.crew.reward, place_ + "/quarantine");
    setup.crew.task = {resolved_yaml(config_), options_.config};
    setup.cache = std::move(cache_);
    setup.sources.rl_groups = replayed_;
    watch(setup);
    const PipelineReport report = run_pipeline(setup, gathering_);
    progress_->finish();
    return conclude(report);
  }

 private:
  RunResult failed(Error error) {
    RunResult result;
    result.end = std::move(error);
    return result;
  }

  Result<void> open_directory() {
    Result<std::unique_ptr<RunDirectory>> opened =
        RunDirectory::open({.root = config_.run.root,
                            .name = config_.run.name,
                            .config = resolved_yaml(config_),
                            .resume = options_.resume != "never" || goes_on()});
    if (!opened)
      return opened.error();
    directory_ = std::move(opened).value();
    return {};
  }

  /// What earlier processes left in the directory, which must be sound, and how long they took.
  Result<void> take_up() {
    if (Result<void> kept = check_kept(place_); !kept)
      return kept.error();
    std::error_code none;
    if (!std::filesystem::exists(directory_->metrics_path(), none))
      return {};
    const Result<std::vector<MetricsRow>> rows = read_metrics(directory_->metrics_path());
    if (!rows)
      return rows.error();
    const json summary = read_json_file(place_ + "/summary.json");
    clock_.go_on(rows.value(), number_of(summary, "seconds").value_or(0));
    return {};
  }

  /// Finds out whether the run may begin. A directory that exists is looked at first, since nothing
  /// is made by that; a new one is made last.
  Result<void> prepare() {
    Result<RunConfig> config = read_run_config(options_.config, options_.overrides);
    if (!config)
      return config.error();
    config_ = std::move(config).value();
    if (Result<void> able = check_machine(config_); !able)
      return able;
    if (Result<void> words = check_words(); !words)
      return words;
    Result<std::vector<StageKind>> stages = stages_of(config_);
    if (!stages)
      return stages.error();
    stages_ = std::move(stages).value();
    if (!options_.replay.empty()) {
      Result<ReplayedGroups> replayed = open_replay(config_, options_.replay);
      if (!replayed)
        return replayed.error();
      replayed_ = std::move(replayed).value();
    }
    if (Result<void> planned = plan_gathering(); !planned)
      return planned;
    place_ = config_.run.root + "/" + config_.run.name;
    std::error_code none;
    if (std::filesystem::exists(place_, none)) {
      if (Result<void> opened = open_directory(); !opened)
        return opened.error();
      const std::optional<RunStatus> status = RunDirectory::read_status(place_);
      over_ = status && status->word == "done" && tells_its_end() && keeps_its_end();
      if (over_)
        return {};
      if (Result<void> taken = take_up(); !taken)
        return taken.error();
    }
    const Reuse reuse = options_.resume == "never" ? Reuse::kNever : Reuse::kAllowed;
    Result<std::unique_ptr<const RunPlan>> plan = load_plan(config_, options_.config, reuse);
    if (!plan)
      return first_of(plan.error(), check_command());
    plan_ = std::move(plan).value();
    if (!directory_)
      if (Result<void> opened = open_directory(); !opened)
        return opened.error();
    if (Result<void> kept = plan_->keep_earlier(place_, reuse); !kept)
      return kept.error();
    kill_point("run/planned");
    if (Result<void> opened = open_cache(); !opened)
      return opened.error();
    if (config_.placement.processes == "separate") {
      Result<WorkInputs> inputs = work_inputs(config_, plan_->inputs());
      if (!inputs)
        return inputs.error();
      gathering_.inputs = std::move(inputs).value();
    }
    return describe();
  }

  /// What the options name must be there.
  Result<void> check_words() const {
    if (names_checkpoint() && !goes_on() &&
        !std::filesystem::exists(options_.resume + "/manifest.json"))
      return Error{Errc::kInvalidConfig,
                   "--resume: '" + options_.resume +
                       "' is no checkpoint (it has no manifest.json); give "
                       "auto, never or the folder of one, as RUN/checkpoints/step_8"};
    if (options_.summary && std::filesystem::path(*options_.summary).has_parent_path() &&
        !std::filesystem::is_directory(std::filesystem::path(*options_.summary).parent_path()))
      return Error{Errc::kInvalidConfig, "--summary: the folder of '" + *options_.summary +
                                             "' does not exist; make it, or name another"};
    return {};
  }

  /// Whether a finished run was not killed before it wrote its summary; else it has nothing more to
  /// do but that.
  bool tells_its_end() const {
    return number_of(read_json_file(place_ + "/summary.json"), "exit_code") == 0;
  }

  /// Whether a finished run has its ledger, and its newest checkpoint is sound and has the weights
  /// that the run ended with; if not, the run goes on from the newest that is in its place.
  bool keeps_its_end() const {
    Result<void> sound =
        CheckpointStore::check(place_ + "/checkpoints/latest",
                               text_of(read_json_file(place_ + "/summary.json"), "weights_hash"));
    if (std::error_code none; !std::filesystem::exists(directory_->ledger_path(), none))
      sound = Error{Errc::kBadData, directory_->ledger_path() + ": missing"};
    if (!sound)
      say_("warning: " + place_ + ": this run was finished, but " + sound.error().message +
           "; it goes on from the newest one that is in its place");
    return sound.ok();
  }

  Result<void> plan_gathering() {
    const bool asked = !options_.listen.empty() || !options_.certs.empty();
    if (config_.placement.processes != "separate") {
      if (asked)
        return Error{Errc::kInvalidConfig,
                     "--listen, --certs: nobody joins a run of one process; add --set "
                     "placement.processes=separate"};
      return {};
    }
    Result<Listening> planned = plan_listening(options_.listen, options_.certs);
    if (!planned)
      return planned.error();
    gathering_.listening = std::move(planned).value();
    return {};
  }

  /// The command that says everything that is wrong with this run.
  std::string check_command() const {
    std::string command = "nelumbo check " + options_.config;
    for (const std::string& change : options_.overrides)
      command += " --set '" + change + "'";
    return command;
  }

  Result<void> open_cache() {
    if (options_.resume == "never")
      return {};
    Result<std::vector<std::string>> keys = stage_keys(config_, plan_->inputs());
    if (!keys)
      return keys.error();
    cache_.emplace(config_.run.root + "/stages", std::move(keys).value());
    return {};
  }

  Result<void> describe() {
    if (Result<void> room = require_free_space(place_, RunDirectory::kLeastFreeBytes); !room)
      return room.error();
    // Of the process before, on this machine: measuring it again would only take time.
    json env = goes_on() ? read_json_file(place_ + "/env.json") : json();
    if (!env.contains("gflops"))
      env = environment_json(*plan_, config_, directory_->config_hash());
    say_("nelumbo " + text_of(env, "version") + ": " + place_ + ", seed " + text_of(env, "seed") +
         ", " + text_of(env, "parameters") + " parameters, " + plan_->summary() + ", " +
         std::to_string(std::lround(*number_of(env, "gflops"))) + " GFLOP/s (" +
         text_of(env, "isa") + ", " + text_of(env, "threads") + " threads)");
    if (const std::string earlier = plan_->earlier_sentence(); !earlier.empty())
      say_(earlier);
    if (env.contains("algorithm"))
      say_(text_of(env, "algorithm"));
    return write_file_atomic(place_ + "/env.json", env.dump(2) + "\n");
  }

  /// Connects the run with the outside: progress, warnings, and what asks it to stop.
  void watch(PipelineSetup& setup) {
    std::vector<std::pair<std::string, int64_t>> planned;
    for (StageKind stage : stages_)
      planned.emplace_back(stage_name(stage), planned_steps(setup, stage));
    progress_ = std::make_unique<RunProgress>(planned, standard_progress_target(options_.quiet));
    setup.on_metrics = [this](const MetricsLine& line) { progress_->show(line); };
    setup.clock = [this](const std::string& stage) { return clock_.step(stage); };
    clock_.begin_stages();
    setup.on_notice = say_;
    setup.on_warning = [this](const std::string& text) {
      say_("warning: " + text);
      if (std::ssize(warnings_) < kMostWarnings)
        warnings_.push_back(text);
    };
    setup.stop_requested = [this] {
      return options_.stop() ||
             (options_.max_hours && now_in_seconds() - start_ > *options_.max_hours * 3600);
    };
    if (begins_elsewhere())
      setup.resume_from = options_.resume;
  }

  /// At the checkpoint that was named, unless an earlier process has gone on from there.
  bool begins_elsewhere() const {
    std::error_code none;
    return names_checkpoint() &&
           !(goes_on() && std::filesystem::exists(place_ + "/checkpoints/latest", none));
  }

  bool names_checkpoint() const { return options_.resume != "auto" && options_.resume != "never"; }

  /// An earlier process of the same parent has begun the run.
  bool goes_on() const { return options_.attempt > 1; }

  /// By another process of the same parent, whose end is the run's.
  bool may_be_followed(const RunResult& result) const {
    return options_.attempt > 0 && !result.end && result.end.error().code == Errc::kUnavailable;
  }

  RunResult conclude(const PipelineReport& report) {
    RunResult result;
    result.end = report.end;
    result.directory = place_;
    result.summary = summary_json(report, clock_.stages());
    const json earlier = plan_->earlier_stages();
    result.summary["stages"].insert(result.summary["stages"].begin(), earlier.begin(),
                                    earlier.end());
    result.summary["seconds"] = clock_.seconds();
    result.summary["warnings"] = warnings_;
    result.summary["faults"] = faults_in(place_);
    const json evaluation = read_json_file(place_ + "/evaluation.json");
    if (evaluation.is_object())
      result.summary["evaluation"] = evaluation;
    Result<void> written = directory_->write_summary(result.summary);
    if (written && options_.summary)
      written = write_file_atomic(*options_.summary, result.summary.dump(2) + "\n");
    if (written && book_->failure())
      written = *book_->failure();
    if (written && !may_be_followed(result))
      written = write_report(place_);
    kill_point("report/written");
    if (result.end && !written)
      result.end = written;
    if (result.end && replayed_)
      result.end = require_same_weights(options_.replay, report.weights_hash);
    return result;
  }

  const RunOptions& options_;
  const Say& say_;
  const double start_ = now_in_seconds();
  RunClock clock_{now_in_seconds, start_};
  RunConfig config_;
  std::vector<StageKind> stages_;
  std::optional<StageCache> cache_;  ///< none: every stage is computed
  std::string place_;
  std::vector<std::string> warnings_;  ///< the first of this process, for summary and report
  Gathering gathering_;
  bool over_ = false;  ///< the run was finished before
  std::unique_ptr<const RunPlan> plan_;
  std::unique_ptr<RunDirectory> directory_;
  std::shared_ptr<EvaluationBook> book_;
  std::unique_ptr<RunProgress> progress_;
  ReplayedGroups replayed_;  ///< none: nothing is repeated
};

}  // namespace

RunResult run_recipe(const RunOptions& options, const Say& say) {
  return RecipeRun(options, say).run();
}

}  // namespace nelumbo

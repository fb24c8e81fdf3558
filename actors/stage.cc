// SPDX-License-Identifier: Apache-2.0
#include "actors/stage.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "actors/rollback.h"
#include "base/disk_fault.h"
#include "base/duration.h"
#include "base/file.h"
#include "base/kill_point.h"
#include "reward/fixtures.h"

namespace nelumbo {

StageContext::StageContext(const PipelineSetup& setup, Crew& crew, CheckpointStore* store,
                           uint32_t incarnation, Clock clock)
    : setup_(setup),
      crew_(crew),
      store_(store),
      incarnation_(incarnation),
      clock_(std::move(clock)) {}

double StageContext::seconds_since(std::chrono::steady_clock::time_point start) const {
  return std::chrono::duration<double>(clock_() - start).count();
}

SampleId StageContext::sample(const ScoredGroup& group, size_t index) const {
  return {static_cast<uint64_t>(group.group->id), static_cast<uint32_t>(index), incarnation_};
}

bool StageContext::stop_requested() const {
  return setup_.stop_requested && setup_.stop_requested();
}

Error StageContext::preempt() {
  if (auto saved = save(); !saved) {
    if (!refused_by_disk_)
      return saved.error();
    return Error{Errc::kPreempted, "stopped in stage " + state_.stage + " after step " +
                                       std::to_string(state_.step) +
                                       ", which is not saved: " + saved.error().message +
                                       "; --resume auto goes on from the checkpoint before"};
  }
  return Error{Errc::kPreempted, "stopped in stage " + state_.stage + " after step " +
                                     std::to_string(state_.step) +
                                     ", which is saved; go on with --resume auto"};
}

Result<Shared<std::vector<ScoredGroup>>> StageContext::answer(AnswerJob job) {
  crew_.ask(std::move(job));
  return answers();
}

Result<Shared<std::vector<ScoredGroup>>> StageContext::answers() {
  return heeded(crew_.answers());
}

Result<Shared<std::vector<ScoredGroup>>> StageContext::taken() {
  return heeded(crew_.take());
}

Result<Shared<std::vector<ScoredGroup>>> StageContext::heeded(
    Result<Shared<std::vector<ScoredGroup>>> answered) {
  if (!answered || !setup_.crew.reward)
    return answered;
  for (const ScoredGroup& group : *answered.value())
    for (const Outcome& outcome : group.outcomes)
      if (outcome.kind != Outcome::Kind::kScore &&
          setup_.crew.reward->on_failure(*group.group->prompt, outcome.kind).pause)
        return pause(*group.group->prompt, outcome);
  return answered;
}

/// The step that was begun is left; a run that goes on begins it anew.
Error StageContext::pause(const Prompt& prompt, const Outcome& outcome) {
  if (auto saved = save(); !saved)
    return saved.error();
  return Error{Errc::kPreempted, "paused in stage " + state_.stage + " after step " +
                                     std::to_string(state_.step) + ", which is saved: prompt " +
                                     prompt.id + ": " + to_text(outcome.kind) + ": " +
                                     outcome.reason + "; mend that and go on with --resume auto"};
}

Result<bool> StageContext::refresh_reward() {
  if (!setup_.crew.refresh_reward)
    return false;
  const auto change = setup_.crew.refresh_reward();
  if (!change) {
    const std::string& why = change.error().message;
    if (why != refused_)
      warn(state_.stage + ": the edited reward specification is not used: " + why);
    refused_ = why;
    return false;
  }
  refused_.clear();
  if (!change.value())
    return false;
  const SpecChange& hashes = *change.value();
  if (auto done = setup_.directory->append_event({{"event", "reward"},
                                                  {"stage", state_.stage},
                                                  {"step", state_.step},
                                                  {"old_hash", hashes.old_hash},
                                                  {"new_hash", hashes.new_hash}});
      !done)
    return done.error();
  if (setup_.on_notice)
    setup_.on_notice(state_.stage + ": behind step " + std::to_string(state_.step) +
                     " the reward specification is the edited one, " + hashes.new_hash);
  return true;
}

Result<bool> StageContext::heed_guard(const Metrics& trained, const GuardConfig& guard) {
  const auto at = trained.find("guard/withheld");
  const bool applied = at == trained.end() || at->second == 0;
  const std::optional<std::string> spike = spike_of(trained, guard);
  const std::string place = state_.stage + ": step " + std::to_string(state_.step + 1) + ": ";
  if (spike && guard.policy == "stop")
    return Error{Errc::kDiverged, place + *spike + ", and guard.policy says stop"};
  if (spike && guard.policy == "rollback") {
    advance(false);
    return roll_back(place + *spike);
  }
  const bool told = std::exchange(spiking_, spike.has_value());
  if (spike && !told)
    warn(place + *spike + (applied ? "" : "; it is skipped"));
  else if (!spike && !applied)
    warn(place + "its loss or gradient is not finite; it is skipped");
  return applied;
}

Error StageContext::failed_step(const Error& error, const GuardConfig& guard) {
  if (error.code != Errc::kDiverged || guard.policy != "rollback")
    return named(error);
  advance(false);
  return roll_back(named(error).message);
}

Error StageContext::roll_back(const std::string& why) {
  (void)settle();
  std::vector<std::string> skipped;
  const auto newest = store().newest(&skipped);
  if (!newest || newest->state.stage_index != state_.stage_index)
    return {Errc::kDiverged, why + "; there is no checkpoint of this stage to go back to"};
  const int64_t to = newest->state.step;
  const std::string& place = setup_.directory->path();
  if (const auto against = against_rollback(read_rollbacks(place), state_.stage, to))
    return {Errc::kDiverged, why + "; " + *against};
  if (auto done = setup_.directory->append_event({{"event", "rollback"},
                                                  {"stage", state_.stage},
                                                  {"to", to},
                                                  {"step", state_.step},
                                                  {"why", why}});
      !done)
    return done.error();
  return {Errc::kUnavailable, why + "; goes back to step " + std::to_string(to) +
                                  " and leaves out the steps since (guard.policy rollback)"};
}

Result<void> StageContext::leave_out() {
  const Rollback* last = nullptr;
  const std::vector<Rollback> all = read_rollbacks(setup_.directory->path());
  for (const Rollback& one : all)
    if (one.stage == state_.stage && one.to == state_.step && one.step > one.to)
      last = &one;
  if (last == nullptr)
    return {};
  const int64_t steps = last->step - last->to;
  warn(state_.stage + ": leaves out " + std::to_string(steps) + " steps behind step " +
       std::to_string(last->to) + ": " + last->why);
  state_.step += steps;
  state_.stage_step += steps;
  state_.ahead.clear();
  return report({{"guard/left_out", static_cast<double>(steps)}});
}

void StageContext::advance(bool trained) {
  ++state_.stage_step;
  ++state_.step;
  if (trained)
    ++state_.version;
}

Result<void> StageContext::report(Metrics metrics) {
  auto counts = crew_.counts();
  if (!counts)
    return counts.error();
  metrics["errors/restart"] = static_cast<double>(counts.value().restarts);
  metrics["time/answering"] = counts.value().answering - answering_;
  answering_ = counts.value().answering;
  state_.restarts = counts.value().restarts;
  if (setup_.clock)
    merge(metrics, setup_.clock(state_.stage));
  JudgeNews news;
  if (setup_.crew.reward)
    news = setup_.crew.reward->judge_news();
  merge(metrics, news.metrics);
  kill_point("stage/judged");
  crew_.show({state_.stage, state_.step, std::move(metrics)});
  return heed(news);
}

/// Tells of an alarm about judges, and ends the run behind a checkpoint where it must not go on.
Result<void> StageContext::heed(const JudgeNews& news) {
  const std::string place = state_.stage + ": step " + std::to_string(state_.step) + ": ";
  const std::optional<std::string>& why = news.pause ? news.pause : news.warning;
  if (!why)
    return {};
  if (setup_.directory)
    if (auto done = setup_.directory->append_event({{"event", "judges"},
                                                    {"stage", state_.stage},
                                                    {"step", state_.step},
                                                    {"pause", news.pause.has_value()},
                                                    {"why", *why}});
        !done)
      return done;
  if (!news.pause) {
    warn(place + *why);
    return {};
  }
  if (auto saved = save(); !saved)
    return saved.error();
  return Error{Errc::kPreempted, "paused in stage " + state_.stage + " after step " +
                                     std::to_string(state_.step) + ", which is saved: " + *why +
                                     "; mend the judges and go on with --resume auto"};
}

CheckpointStore& StageContext::store() const {
  if (saving_.valid())
    saving_.wait();
  return *store_;
}

Result<void> StageContext::checkpoint_if_due() {
  if (!checkpoint_due())
    return {};
  const auto patience = duration_of(setup_.run.checkpoint_wait);
  if (saving_.valid() && !saving_.done_within(patience)) {
    warn(state_.stage + ": step " + std::to_string(state_.step) +
         ": no checkpoint: the one before is still being written (run.checkpoint_wait)");
    return {};
  }
  if (auto done = settle(); !done)
    return done;
  auto content = collect();
  if (!content)
    return content.error();
  saving_ = BackgroundWork<Saved>(
      [this, content = std::move(content).value()] { return write(content); });
  return {};
}

Result<void> StageContext::settle() {
  if (!saving_.valid())
    return {};
  const Result<std::string> path = hear(saving_.take());
  return path ? Result<void>() : bear(path.error());
}

StageContext::Saved StageContext::write(const CheckpointContent& content) const {
  auto path = store_->save(content);
  kill_point("stage/saved");
  const bool full = !path && (is_want_of_room(path.error()) ||
                              !require_free_space(setup_.directory->checkpoints_path(),
                                                  RunDirectory::kLeastFreeBytes));
  return {std::move(path), full};
}

Result<std::string> StageContext::hear(Saved saved) {
  refused_by_disk_ = !saved.path && saved.path.error().code == Errc::kEnvironment;
  refusals_ = refused_by_disk_ ? refusals_ + 1 : 0;
  full_ = saved.full;
  return std::move(saved.path);
}

/// Without a ledger nothing more may be trained; what was is still there.
Result<LedgerCounts> StageContext::commit() {
  if (setup_.directory)
    if (auto there = setup_.directory->require_in_place(); !there)
      return there.error();
  auto counts = crew_.commit();
  kill_point("stage/committed");
  if (counts)
    ledger_ = counts.value();
  else if (counts.error().code == Errc::kEnvironment)
    return Error{Errc::kPreempted, "paused in stage " + state_.stage + " after step " +
                                       std::to_string(state_.step) + ": " + counts.error().message +
                                       "; mend that, and --resume auto goes on from the newest "
                                       "checkpoint"};
  return counts;
}

Result<CheckpointContent> StageContext::collect() {
  if (auto counts = commit(); !counts)
    return counts.error();
  // What is in the file now is durable behind another commit; what comes meanwhile need not be.
  std::error_code missing;
  const auto offset = std::filesystem::file_size(setup_.directory->ledger_path(), missing);
  if (auto counts = commit(); !counts)
    return counts.error();
  auto saved = crew_.save();
  if (!saved)
    return saved.error();
  auto weights = crew_.weights();
  if (!weights)
    return weights.error();
  kill_point("stage/collected");
  return CheckpointContent{state_, saved.value(), weights.value(),
                           missing ? 0 : static_cast<int64_t>(offset)};
}

/// What became of the one before is worth a warning at most: this one takes its place.
Result<std::string> StageContext::save() {
  (void)settle();
  refused_by_disk_ = false;
  auto content = collect();
  if (!content)
    return content.error();
  return hear(write(content.value()));
}

Result<void> StageContext::checkpoint() {
  auto path = save();
  return path ? Result<void>() : bear(path.error());
}

/// A full disk may be full for long; anything else that a disk refuses twice in a row is no
/// accident.
Result<void> StageContext::bear(const Error& error) const {
  if (!refused_by_disk_)
    return error;
  if (refusals_ > 1 && !full_)
    return Error{error.code, error.message +
                                 "; no checkpoint could be kept twice in a row: mend the disk, and "
                                 "--resume auto goes on from the newest that is whole"};
  warn(state_.stage + ": step " + std::to_string(state_.step) + ": no checkpoint: " +
       error.message + "; the run goes on, and the next one is tried when it is due");
  return {};
}

/// What another run of the same configuration would not come to.
bool StageContext::streamed(int64_t index) const {
  const auto begin = setup_.stages.begin(), end = begin + index + 1;
  return setup_.rl.max_staleness > 1 && std::find(begin, end, StageKind::kRl) != end;
}

Result<void> StageContext::checkpoint_stage(int64_t index) {
  auto path = save();
  const bool is_last = index + 1 == std::ssize(setup_.stages);
  if (!path)
    return is_last ? path.error() : bear(path.error());
  // What an edited specification gave, or what judges said, must not be taken for what the first
  // specification gives, or judges would say again.
  const bool judged = setup_.crew.reward && setup_.crew.reward->asks_judges();
  if (!setup_.cache || setup_.crew.refresh_reward || judged || streamed(index))
    return {};
  if (auto kept = setup_.cache->keep(index, setup_.directory->path(), path.value()); !kept)
    warn(state_.stage + ": is not kept for other runs: " + kept.error().message);
  return {};
}

Result<void> StageContext::publish() {
  auto weights = crew_.weights();
  if (!weights)
    return weights.error();
  kill_point("stage/publishing");
  auto done = crew_.publish(weights.value(), PolicyVersion{state_.version});
  kill_point("stage/published");
  return done;
}

Error StageContext::named(const Error& error) const {
  return {error.code, state_.stage + ": " + error.message};
}

void StageContext::warn(const std::string& sentence) const {
  if (setup_.on_warning)
    setup_.on_warning(sentence);
}

void merge(Metrics& metrics, const Metrics& more) {
  for (const auto& [name, value] : more)
    metrics[name] = value;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
#include "apps/supervisor.h"

#include <chrono>
#include <utility>

#include <sys/wait.h>

#include "actors/crash_book.h"
#include "apps/command_line.h"
#include "base/crash_note.h"
#include "base/duration.h"

namespace nelumbo {
namespace {

SupervisedEnd end_of(Error error) {
  return {exit_code(error.code), std::move(error)};
}

std::string place_text(const Fault& fault) {
  return fault.stage.empty() ? "before its first step"
                             : "in " + fault.stage + ", after step " + std::to_string(fault.step);
}

}  // namespace

Supervisor::Supervisor(Supervised what)
    : what_(std::move(what)),
      budget_(what_.restarts, duration_of(what_.window)),
      watch_(std::chrono::ceil<std::chrono::milliseconds>(duration_of(what_.hung_after))) {}

double Supervisor::seconds() const {
  return std::chrono::duration<double>(Clock::now() - begin_).count();
}

std::optional<SupervisedEnd> Supervisor::run() {
  while (true) {
    ++attempt_;
    const Result<bool> forked = watch_.fork();
    if (!forked)
      return end_of({forked.error().code, "nelumbo run: " + forked.error().message});
    if (forked.value())
      return std::nullopt;
    if (auto last = conclude(watch_.wait()))
      return last;
  }
}

std::optional<SupervisedEnd> Supervisor::conclude(const ProcessEnd& end) {
  if (watch_.asked_to_end_at_once()) {
    const std::string cause =
        "ended at once by the second Ctrl-C; --resume auto goes on from the newest checkpoint";
    if (WIFSIGNALED(end.status))  // else it has said so itself
      what_.say(what_.place + ": " + cause);
    keep_end(what_.place, kInterrupted, cause);
    return SupervisedEnd{kInterrupted, std::nullopt};
  }
  if (!may_go_on_behind(what_.place, end))
    return SupervisedEnd{WEXITSTATUS(end.status), std::nullopt};
  if (watch_.asked_to_stop())
    return stopped(end);
  const Fault fault = look_at_fault(what_.place, end);
  Death death = death_of(fault);
  if (quarantines(end))
    death.failure.reset();  // what it crashed over does not come again
  const Verdict verdict = budget_.next(death, Clock::now());
  if (!verdict.again)
    return give_up(fault, verdict);
  tell(fault, "goes on from the newest checkpoint (restart " + std::to_string(verdict.number) +
                  " of " + std::to_string(what_.restarts) + ")");
  watch_.pause(verdict.wait);
  if (watch_.asked_to_stop())
    return stopped(end);
  return std::nullopt;
}

bool Supervisor::quarantines(const ProcessEnd& end) const {
  std::vector<std::string> prompts;
  for (const std::string& line : end.last_words)
    if (std::string prompt = crashed_prompt(line); !prompt.empty())
      prompts.push_back(std::move(prompt));
  const std::vector<std::string> held = CrashBook(what_.place).charge(prompts, "coordinator");
  for (const std::string& prompt : held)
    what_.say("warning: " + what_.place + ": prompt " + prompt +
              " is in quarantine, since two processes crashed over it");
  return !held.empty();
}

SupervisedEnd Supervisor::stopped(const ProcessEnd& end) const {
  return end_of({Errc::kPreempted, what_.place + ": was asked to stop, and its process ended by " +
                                       ending_text(end) +
                                       "; --resume auto goes on from the newest checkpoint"});
}

SupervisedEnd Supervisor::give_up(const Fault& fault, const Verdict& verdict) {
  const std::string why =
      verdict.repeated
          ? "the same failure at the same step twice: it would fail again; mend the cause, then "
            "--resume auto goes on"
          : "all " + std::to_string(what_.restarts) + " restarts within " +
                std::to_string(static_cast<int64_t>(what_.window)) +
                " s are used up (--restarts); --resume auto goes on";
  tell(fault, "stops: " + why);
  return end_of(
      {verdict.repeated ? Errc::kDiverged : Errc::kUnavailable,
       what_.place + ": stopped " + place_text(fault) + ": " + fault.cause + " (" + why + ")"});
}

void Supervisor::tell(const Fault& fault, const std::string& decision) const {
  const Result<std::string> report = write_fault_report(what_.place, fault, decision);
  std::string where;
  if (!report)
    where = "; no report: " + report.error().message;
  else if (!report.value().empty())
    where = "; see " + report.value();
  what_.say("warning: " + what_.place + ": " + place_text(fault) + ": " + fault.cause + "; " +
            decision + where);
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
//   total = g                                                when a gate rule of value g matches
//         = W_rubric min(0, negative points / positive points)   when one without a value does
//         = (W_rule rule + W_rubric rubric) process + s      process is a multiplier
//         = W_rule rule + W_rubric rubric + W_process process + s    process has a weight
//
// W are the layers' weights over those that apply to the prompt, divided by their sum; process is
// Outcome.process; s is the shaping, which a multiplier scales, too. Outcome.rule is rule + s
// (GDPO's first component), Outcome.rubric its second; a gate sets all of them to g. The trap:
// everything that decides which components exist depends on the prompt alone, so that the outcomes
// of a group are comparable. A second: where rubric points make the layers' sum negative, process
// is left out, or faulty steps would lift it.
#include "reward/scorer.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>

#include "reward/judge_round.h"
#include "reward/lap_clock.h"

namespace nelumbo {

namespace {

Outcome no_score(Outcome::Kind kind, std::string reason) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.reason = std::move(reason);
  return outcome;
}

/// The gate that stops an answer, what it makes of the total, and why; none where nothing does.
struct Stop {
  const GateRule* rule = nullptr;
  double value = 0;
  std::string evidence{};
  int64_t nanoseconds = 0;
};

/// Scores one group; a method for each stage.
class GroupScorer {
 public:
  GroupScorer(const TaskSpec& spec, const Group& group, const Stopwatch& seconds,
              const JudgePanel& judges)
      : spec_(spec),
        group_(group),
        prompt_(*group.prompt),
        seconds_(seconds),
        start_(seconds()),
        judging_(judges, group) {
    const LayerShares shares = spec.shares(prompt_);
    has_rubric_ = spec.rubric && spec.rubric->applies(prompt_);
    rule_share_ = shares.rule;
    rubric_share_ = shares.rubric;
    process_share_ = shares.process;
    lowest_rubric_ = has_rubric_ ? std::min(0.0, spec.rubric->lowest(prompt_)) : 0;
    for (const Trajectory& trajectory : group.trajectories)
      steps_ = std::max(steps_, static_cast<double>(trajectory.version));
  }

  std::vector<Outcome> run() {
    const size_t n = group_.trajectories.size();
    found_.resize(n);
    stops_.resize(n);
    outcomes_.resize(n);
    for (size_t i = 0; i < n; ++i)
      guard(i, [&] { return find_right(i); });
    find_plain_right();
    for (size_t i = 0; i < n; ++i)
      if (outcomes_[i].kind == Outcome::Kind::kScore)
        guard(i, [&] { return find_stop(i); });
    ask_judges();
    for (size_t i = 0; i < n; ++i)
      if (outcomes_[i].kind == Outcome::Kind::kScore)
        guard(i, [&] { return score(i); });
    return std::move(outcomes_);
  }

 private:
  /// Runs one stage for one trajectory, again where `on` says so, and turns whatever goes wrong
  /// into its outcome.
  template <class Stage>
  void guard(size_t i, Stage stage) {
    const int64_t retries = spec_.on.failure(Outcome::Kind::kInfraError).retries;
    for (int64_t attempt = 0; attempt <= retries; ++attempt) {
      outcomes_[i] = {};
      attempt_stage(i, stage);
      if (outcomes_[i].kind != Outcome::Kind::kInfraError)
        return;
    }
  }

  template <class Stage>
  void attempt_stage(size_t i, Stage stage) {
    if (seconds_() - start_ - waited_ >= spec_.on.limit_seconds) {
      outcomes_[i] = no_score(Outcome::Kind::kTimeout, "scoring the group took longer than " +
                                                           std::to_string(spec_.on.limit_seconds) +
                                                           " s (on.limit_seconds)");
      return;
    }
    try {
      if (const Result<void> done = stage(); !done)
        outcomes_[i] = no_score(
            done.error().code == kOutOfTime ? Outcome::Kind::kTimeout : Outcome::Kind::kInfraError,
            done.error().message);
    } catch (const std::exception& e) {
      outcomes_[i] = no_score(Outcome::Kind::kInfraError, e.what());
    }
  }

  Scene scene(size_t i) const {
    return {prompt_, group_.trajectories[i], found_[i].right, plain_right_, steps_};
  }

  /// Whether a trajectory is cut off, and what `on` says of that: "zero" or "invalid"; "" where it
  /// is scored as any other.
  std::string cut_off(size_t i) const {
    const Trajectory& trajectory = group_.trajectories[i];
    if (trajectory.finish == Finish::kTurns)
      return spec_.on.turns;
    const bool cut = trajectory.finish == Finish::kLength && !trajectory.answered;
    return cut && spec_.on.truncated != "score" ? spec_.on.truncated : "";
  }

  Result<void> find_right(size_t i) {
    if (const size_t bytes = group_.trajectories[i].text.size(); bytes > kMostTextBytes) {
      outcomes_[i] =
          no_score(Outcome::Kind::kInvalid, "the text of the answer has " + std::to_string(bytes) +
                                                " bytes; no more than " +
                                                std::to_string(kMostTextBytes) + " are scored");
      return {};
    }
    const std::string cut = cut_off(i);
    if (cut == "invalid")
      outcomes_[i] =
          no_score(Outcome::Kind::kInvalid, group_.trajectories[i].finish == Finish::kTurns
                                                ? "no answer within the turns"
                                                : "cut off by the length limit");
    if (!cut.empty())
      return {};
    if (!spec_.rule)
      return {};
    auto found = spec_.rule->find(scene(i));
    if (!found)
      return found.error();
    found_[i] = std::move(found.value());
    return {};
  }

  void find_plain_right() {
    int64_t plain = 0, right = 0;
    for (size_t i = 0; i < found_.size(); ++i) {
      if (outcomes_[i].kind != Outcome::Kind::kScore || !group_.trajectories[i].calls.empty())
        continue;
      ++plain;
      right += found_[i].right >= 0.5 ? 1 : 0;
    }
    plain_right_ = plain > 0 && 2 * right >= plain;
  }

  /// Asks what judges must say of all answers that no gate stops; who gets no answer has no score.
  void ask_judges() {
    if (!has_rubric_ || !spec_.rubric->asks())
      return;
    for (size_t i = 0; i < outcomes_.size(); ++i) {
      if (outcomes_[i].kind != Outcome::Kind::kScore || !cut_off(i).empty() || is_stopped(i))
        continue;
      judging_.add(i, spec_.rubric->questions(scene(i)));
    }
    const OnFailure failure = spec_.on.failure(Outcome::Kind::kInfraError);
    judging_.run(spec_.on.limit_seconds - (seconds_() - start_), failure.retries, seconds_);
    for (size_t i = 0; i < outcomes_.size(); ++i)
      if (const auto failed = judging_.failure(i))
        outcomes_[i] =
            no_score(failed->kind == JudgeReply::Kind::kTimeout ? Outcome::Kind::kTimeout
                                                                : Outcome::Kind::kInfraError,
                     "judge " + failed->note);
    judging_.compare([this](size_t i, std::span<const JudgeReply> replies) {
      const auto verdict = spec_.rubric->judge(scene(i), replies);
      return verdict ? std::optional(verdict.value().value) : std::nullopt;
    });
    waited_ = seconds_() - start_;
  }

  /// Of several gates that stop an answer, the one of the lowest value counts.
  Result<void> find_stop(size_t i) {
    Stop worst;
    LapClock clock;
    for (const GateRule& rule : spec_.gate) {
      auto verdict = rule.when->judge(scene(i));
      if (!verdict)
        return Error{Errc::kUnavailable, rule.name + ": " + verdict.error().message};
      const int64_t nanoseconds = clock.lap();
      const double value = rule.value.value_or(rubric_share_ * lowest_rubric_);
      if (verdict.value().value >= 0.5 && (worst.rule == nullptr || value < worst.value))
        worst = {&rule, value, std::move(verdict.value().evidence), nanoseconds};
    }
    stops_[i] = std::move(worst);
    return {};
  }

  bool is_stopped(size_t i) const { return stops_[i].rule != nullptr; }

  Result<void> score(size_t i) {
    Outcome outcome;
    outcome.has_rubric = has_rubric_;
    if (auto done = cut_off(i).empty() ? judge_layers(i, outcome) : zero_layers(i, outcome); !done)
      return done;
    if (auto done = add_process_and_shaping(i, outcome); !done)
      return done;
    if (is_stopped(i))
      apply_gate(stops_[i], outcome);
    if (!std::isfinite(outcome.total) || !std::isfinite(outcome.rubric))
      return Error{Errc::kUnavailable, "the total is not finite"};
    outcomes_[i] = std::move(outcome);
    return {};
  }

  Result<void> judge_layers(size_t i, Outcome& outcome) const {
    if (spec_.rule) {
      auto rule = spec_.rule->judge(scene(i), found_[i]);
      if (!rule)
        return rule.error();
      outcome.rule = rule.value().value;
      add(std::move(rule.value().components), rule_share_, outcome);
    }
    if (!has_rubric_)
      return {};
    if (spec_.rubric->asks() && is_stopped(i)) {
      add(spec_.rubric->zero(prompt_, "not asked: a gate stops it").components, rubric_share_,
          outcome);
      return {};
    }
    auto rubric = spec_.rubric->judge(scene(i), judging_.replies(i));
    if (!rubric)
      return rubric.error();
    outcome.rubric = rubric.value().value;
    add(std::move(rubric.value().components), rubric_share_, outcome);
    return {};
  }

  /// Where points are negative the least that an answer gets: 0 would be better than to be wrong.
  Result<void> zero_layers(size_t i, Outcome& outcome) const {
    const std::string why = group_.trajectories[i].finish == Finish::kTurns
                                ? "no answer within the turns"
                                : "cut off by the length limit";
    if (spec_.rule)
      add(spec_.rule->zero(prompt_, why).components, rule_share_, outcome);
    if (!has_rubric_)
      return {};
    outcome.rubric = lowest_rubric_;
    add(spec_.rubric->worst(prompt_, why).components, rubric_share_, outcome);
    return {};
  }

  static void add(std::vector<Component> components, double share, Outcome& outcome) {
    for (Component& component : components) {
      component.weight *= share;
      outcome.components.push_back(std::move(component));
    }
  }

  Result<void> add_process_and_shaping(size_t i, Outcome& outcome) const {
    if (spec_.process) {
      auto process = spec_.process->judge(scene(i));
      if (!process)
        return process.error();
      outcome.credit = spec_.process->credit();
      const bool has_answer = group_.trajectories[i].answered && cut_off(i).empty();
      if (outcome.credit != StepCredit::kMultiplier && !has_answer)
        leave_steps_unpaid(process.value());
      outcome.process = process.value().value;
      outcome.steps = std::move(process.value().steps);
      add(std::move(process.value().components), process_share_, outcome);
    }
    if (spec_.shaping) {
      auto shaping = spec_.shaping->judge(scene(i));
      if (!shaping)
        return shaping.error();
      for (Component& component : shaping.value()) {
        if (outcome.credit == StepCredit::kMultiplier)
          component.value *= outcome.process;  // it must not outweigh what is left of the answer
        outcome.shaping += component.value;
      }
      add(std::move(shaping.value()), 1, outcome);
    }
    const double earned = rule_share_ * outcome.rule + rubric_share_ * outcome.rubric;
    outcome.total = with_process(earned, outcome) + outcome.shaping;
    outcome.rule += outcome.shaping;
    return {};
  }

  /// Steps that lead to no answer earn nothing where they are paid for themselves.
  static void leave_steps_unpaid(ProcessVerdict& process) {
    constexpr const char* kWhy = "no answer";
    process.value = 0;
    for (StepFactor& step : process.steps) {
      step.factor = 0;
      step.reason = kWhy;
    }
    for (Component& component : process.components)
      if (component.weight > 0) {
        component.value = 0;
        component.evidence = kWhy;
      }
  }

  /// What the layers earned, and what the process layer makes of it.
  double with_process(double earned, const Outcome& outcome) const {
    if (outcome.credit != StepCredit::kMultiplier)
      return earned + process_share_ * outcome.process;
    return earned > 0 ? earned * outcome.process : earned;
  }

  /// Each part becomes the gate's value; where that is left open, the least that the part can be.
  void apply_gate(const Stop& stop, Outcome& outcome) const {
    const GateRule& rule = *stop.rule;
    outcome.gate = rule.name;
    outcome.total = stop.value;
    outcome.rule = rule.value.value_or(0);
    outcome.rubric = rule.value.value_or(lowest_rubric_);
    outcome.shaping = 0;
    outcome.process = outcome.credit == StepCredit::kMultiplier ? 1 : outcome.rule;
    outcome.steps.clear();
    outcome.components.push_back(
        {rule.name, "gate", stop.value, 0, rule.severity + ": " + stop.evidence, stop.nanoseconds});
  }

  const TaskSpec& spec_;
  const Group& group_;
  const Prompt& prompt_;
  const Stopwatch& seconds_;
  double start_;
  bool has_rubric_ = false;
  double rule_share_ = 0, rubric_share_ = 0, process_share_ = 0;
  double lowest_rubric_ = 0;  ///< below 0 where its points are
  bool plain_right_ = false;
  double steps_ = 0;
  std::vector<RuleFindings> found_;
  std::vector<Stop> stops_;
  std::vector<Outcome> outcomes_;
  JudgeRound judging_;
  double waited_ = 0;  ///< seconds until judges had answered, which have a limit of their own
};

}  // namespace

std::vector<Outcome> score_group(const TaskSpec& spec, const Group& group, const Stopwatch& seconds,
                                 const JudgePanel& judges) {
  return GroupScorer(spec, group, seconds, judges).run();
}

}  // namespace nelumbo

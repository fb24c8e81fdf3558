// SPDX-License-Identifier: Apache-2.0
#include "actors/evaluate_stage.h"

#include <utility>

#include "actors/group_name.h"
#include "base/hash.h"
#include "base/kill_point.h"

namespace nelumbo {
namespace {

/// Evaluation groups are numbered apart from those that train.
constexpr uint64_t kEvaluationGroups = uint64_t{1} << 63;

AnswerJob job_of(const EvaluationPass& mode, int64_t seed) {
  AnswerJob job;
  const uint64_t drawn_by = request_seed(seed, Purpose::kControl, xxh3_64(bytes_of(mode.name)), 0);
  for (const auto& prompt : mode.prompts)
    job.requests.push_back({GroupId{kEvaluationGroups + job.requests.size()}, prompt, mode.samples,
                            drawn_by, mode.sampling});
  return job;
}

}  // namespace

Result<std::vector<EvaluationAnswers>> answer_modes(Crew& crew,
                                                    const std::vector<EvaluationPass>& modes,
                                                    int64_t seed,
                                                    const std::function<bool()>& give_up) {
  std::vector<EvaluationAnswers> all;
  for (const EvaluationPass& mode : modes) {
    crew.ask(job_of(mode, seed));
    if (!crew.answers_come(give_up))
      return Error{Errc::kPreempted, "stopped while " + mode.name + " was answered"};
    auto groups = crew.answers();
    if (!groups)
      return groups.error();
    all.push_back({mode.name, *groups.value()});
  }
  return all;
}

Result<std::optional<Judgement>> evaluate(StageContext& context, Occasion occasion) {
  const auto modes = context.setup().sources.evaluation(occasion);
  if (modes.empty())
    return std::optional<Judgement>();
  const auto give_up = [&] {
    return occasion != Occasion::kValidation && context.stop_requested();
  };
  auto answers = answer_modes(context.crew(), modes, context.setup().run.seed, give_up);
  if (!answers)
    return answers.error().code == Errc::kPreempted ? context.preempt() : answers.error();
  kill_point("evaluate/answered");
  const std::string prefix = occasion == Occasion::kBefore ? "before_" : "evaluate_";
  const int64_t step = context.state().step;
  for (const EvaluationAnswers& mode : answers.value())
    if (occasion != Occasion::kValidation)
      context.crew().trace(prefix + mode.mode, step, share(mode.groups));
  return std::optional(
      context.setup().sources.judge_answers(EvaluationPlace{occasion, step}, answers.value()));
}

Result<void> EvaluateStage::run() {
  if (context_.state().stage_step > 0)
    return {};
  if (context_.stop_requested())
    return context_.preempt();
  const auto start = context_.now();
  if (auto done = context_.publish(); !done)
    return done;
  auto judged = evaluate(context_, Occasion::kAfter);
  if (!judged)
    return judged.error();
  Metrics metrics = judged.value() ? judged.value()->metrics : Metrics();
  validation_ = metrics;
  metrics["time/step"] = context_.seconds_since(start);
  kill_point("evaluate/judged");
  context_.state().stage_step = 1;
  return context_.report(std::move(metrics));
}

}  // namespace nelumbo

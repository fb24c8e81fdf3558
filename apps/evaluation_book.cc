// SPDX-License-Identifier: Apache-2.0
#include "apps/evaluation_book.h"

#include <utility>

#include "apps/evaluation_scores.h"
#include "apps/json_fields.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/kill_point.h"
#include "evaluation/benchmark.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostBytes = 64 << 20;

IntervalOptions intervals_of(const RunConfig& config) {
  return {.resamples = config.evaluate.bootstrap};
}

std::string file_of(Occasion occasion) {
  return occasion == Occasion::kBefore ? "/evaluation/before.json" : "/evaluation/after.json";
}

std::string name_of(Occasion occasion, bool has_rl) {
  if (occasion == Occasion::kBefore)
    return "before RL";
  return has_rl ? "after RL" : "trained policy";
}

std::string dump(const json& value) {
  return value.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// What was recorded on an occasion; none when nothing was.
Result<std::optional<PolicyEvaluation>> read_policy(const std::string& directory,
                                                    Occasion occasion) {
  const Result<std::string> text = read_file(directory + file_of(occasion), kMostBytes);
  if (!text)
    return std::optional<PolicyEvaluation>();
  const json stored = json::parse(text.value(), nullptr, false);
  if (!stored.is_object())
    return Error{Errc::kBadData, directory + file_of(occasion) +
                                     ": is damaged; remove it to go on without the comparison"};
  return std::optional<PolicyEvaluation>(
      {text_of(stored, "name"), static_cast<int64_t>(number_of(stored, "step").value_or(0)),
       array_of(stored, "passes")});
}

/// The policies that a run has recorded so far, in the order of training.
Result<std::vector<PolicyEvaluation>> recorded(const std::string& directory) {
  std::vector<PolicyEvaluation> policies;
  for (Occasion occasion : {Occasion::kBefore, Occasion::kAfter}) {
    Result<std::optional<PolicyEvaluation>> policy = read_policy(directory, occasion);
    if (!policy)
      return policy.error();
    if (policy.value())
      policies.push_back(std::move(*policy.value()));
  }
  return policies;
}

}  // namespace

std::vector<EvaluationPass> control_passes(const Prompts& asked, const Prompts& blank,
                                           const Prompts& shuffled, const Sampling& greedy) {
  Prompts pictures;
  for (const auto& prompt : asked)
    if (prompt->image)
      pictures.push_back(prompt);
  Sampling bare = greedy;
  bare.tools = false;
  std::vector<EvaluationPass> passes = {{"blank", blank, 1, greedy},
                                        {"no_tool", pictures, 1, bare},
                                        {"shuffled", shuffled, 1, greedy}};
  std::erase_if(passes, [](const EvaluationPass& pass) { return pass.prompts.empty(); });
  return passes;
}

std::vector<EvaluationPass> plain_passes(const RunConfig& config, const Prompts& asked,
                                         Occasion occasion) {
  Sampling greedy = config.sampling;
  greedy.temperature = 0;
  const bool brief = occasion == Occasion::kValidation;
  return {{"greedy", asked, 1, greedy},
          {"sampled", asked, brief ? 1 : static_cast<int32_t>(config.evaluate.samples),
           config.sampling}};
}

std::vector<EvaluationPass> evaluation_modes(const Materials& materials, Occasion occasion) {
  const bool brief = occasion == Occasion::kValidation;
  Prompts asked = materials.validation;
  if (brief)
    std::erase_if(asked,
                  [](const auto& prompt) { return benchmark_class(prompt->task) == "text"; });
  std::vector<EvaluationPass> passes = plain_passes(materials.config, asked, occasion);
  if (!brief && materials.config.evaluate.controls)
    for (EvaluationPass& pass :
         control_passes(asked, materials.blank, materials.shuffled, passes.front().sampling))
      passes.push_back(std::move(pass));
  return passes;
}

Result<PolicyEvaluation> read_final_evaluation(const std::string& directory) {
  Result<std::optional<PolicyEvaluation>> policy = read_policy(directory, Occasion::kAfter);
  if (!policy)
    return policy.error();
  if (!policy.value())
    return Error{Errc::kInvalidConfig, directory +
                                           ": no evaluation/after.json in it; name a run "
                                           "directory whose stage evaluate has finished"};
  return std::move(*policy.value());
}

EvaluationBook::EvaluationBook(const RunConfig& config, std::string directory)
    : intervals_(intervals_of(config)),
      has_rl_(config.has_stage("rl")),
      directory_(std::move(directory)) {}

void EvaluationBook::keep(const Result<void>& written) {
  if (!written && !failure_)
    failure_ = written.error();
}

Judgement EvaluationBook::judge(const EvaluationPlace& place,
                                const std::vector<EvaluationAnswers>& answers) {
  // What other runs may take over is drawn alike by all; evaluation.json draws it anew.
  const IntervalOptions intervals =
      place.occasion == Occasion::kBefore ? IntervalOptions{} : intervals_;
  Judgement judgement;
  PolicyEvaluation policy{name_of(place.occasion, has_rl_), place.step, json::array()};
  for (const EvaluationAnswers& pass : answers) {
    PassScores scores = score_pass(pass.mode, pass.groups, intervals);
    judgement.metrics.merge(scores.metrics);
    if (pass.mode == "sampled")
      judgement.value = scores.mean_reward.value_or(0);
    policy.passes.push_back(std::move(scores.evaluation));
  }
  if (place.occasion != Occasion::kValidation)
    record(place.occasion, policy);
  return judgement;
}

void EvaluationBook::record(Occasion occasion, const PolicyEvaluation& policy) {
  keep(make_folder(directory_ + "/evaluation"));
  keep(write_file_atomic(
      directory_ + file_of(occasion),
      dump({{"name", policy.name}, {"step", policy.step}, {"passes", policy.passes}})));
  kill_point("evaluation/recorded");
  const Result<std::vector<PolicyEvaluation>> policies = recorded(directory_);
  if (!policies)
    return keep(policies.error());
  const Result<json> all = evaluation_json(policies.value(), intervals_);
  if (!all)
    return keep(all.error());
  keep(write_file_atomic(directory_ + "/evaluation.json", dump(all.value())));
}

}  // namespace nelumbo

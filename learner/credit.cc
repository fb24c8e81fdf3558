// SPDX-License-Identifier: Apache-2.0
//
// Process credit as a multiplier (SPAR): a token t of step j(t) is credited with the return
// gamma_j R instead of R, where gamma_j = 1 for a clean step. Baselines and spreads come from R.
//
// The trap: gamma multiplies the return, never the advantage. 0.1 times a negative advantage would
// make a wrong answer with a fault better than one without.
//
// Process credit token by token: step k of an answer ends behind token e_k, has the score s_k and
// n_k sampled tokens, and earns at e_k. What a token t gets is what the steps earn that end behind
// it:
//
//   token  A_t = sum over k, e_k > t, of (s_k - mean) / (std + e)   (Shao et al., 2024), mean and
//   std
//          over all steps of the group; without the division for Dr.GRPO and RLOO
//   min    A_t = sum over k, e_k > t, of v_k - b n_k                (PURE: Cheng et al., 2025)
//          v_k = s_k softmax_k(-s / 0.1), which sums to nearly the smallest s of the answer
//          b   = what the other answers' steps earn, sum v, per token of theirs, sum n
//
// The trap: with b for each step and not for each token, few long steps would be favoured.
#include "learner/credit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace nelumbo {
namespace {

constexpr double kLeastOfSteps = 0.1;  ///< temperature of the softmax that is nearly a minimum
constexpr double kStdEps = 1e-6;
constexpr double kSameScore = 1e-9;

std::vector<double> scores_of(std::span<const SteppedAnswer> answers) {
  std::vector<double> scores;
  for (const SteppedAnswer& answer : answers)
    for (const StepFactor& step : answer.steps)
      scores.push_back(step.factor);
  return scores;
}

/// What each step of each answer earns: its score beside the others of the group.
std::vector<std::vector<double>> relative_scores(std::span<const SteppedAnswer> answers,
                                                 bool divide) {
  const std::vector<double> all = scores_of(answers);
  const auto n = static_cast<double>(all.size());
  const double mean = std::accumulate(all.begin(), all.end(), 0.0) / n;
  double squares = 0;
  for (const double score : all)
    squares += (score - mean) * (score - mean);
  const double scale = divide ? 1 / (std::sqrt(squares / (n - 1)) + kStdEps) : 1;
  std::vector<std::vector<double>> earned;
  for (const SteppedAnswer& answer : answers) {
    std::vector<double>& mine = earned.emplace_back();
    for (const StepFactor& step : answer.steps)
      mine.push_back(scale * (step.factor - mean));
  }
  return earned;
}

/// Shares of an answer's steps in what it earns, nearly all of it at the lowest.
std::vector<double> least_scores(std::span<const StepFactor> steps) {
  double least = 1, sum = 0;
  for (const StepFactor& step : steps)
    least = std::min(least, step.factor);
  std::vector<double> earned;
  for (const StepFactor& step : steps)
    sum += earned.emplace_back(std::exp((least - step.factor) / kLeastOfSteps));
  for (size_t k = 0; k < steps.size(); ++k)
    earned[k] *= steps[k].factor / sum;
  return earned;
}

double sampled_tokens(const StepFactor& step, std::span<const uint8_t> sampled) {
  double n = 0;
  const int64_t last = std::min<int64_t>(step.last_token, std::ssize(sampled));
  for (int64_t t = std::max<int64_t>(step.first_token, 0); t < last; ++t)
    n += sampled[static_cast<size_t>(t)];
  return n;
}

/// What each step earns above what the tokens of the other answers' steps earn on average.
std::vector<std::vector<double>> above_others(std::span<const SteppedAnswer> answers) {
  std::vector<std::vector<double>> earned;
  std::vector<double> sums, lengths;
  for (const SteppedAnswer& answer : answers) {
    const std::vector<double>& mine = earned.emplace_back(least_scores(answer.steps));
    sums.push_back(std::accumulate(mine.begin(), mine.end(), 0.0));
    double& length = lengths.emplace_back(0);
    for (const StepFactor& step : answer.steps)
      length += sampled_tokens(step, answer.sampled);
  }
  const double sum = std::accumulate(sums.begin(), sums.end(), 0.0);
  const double length = std::accumulate(lengths.begin(), lengths.end(), 0.0);
  for (size_t i = 0; i < earned.size(); ++i) {
    const double others = length - lengths[i];
    const double per_token = others > 0 ? (sum - sums[i]) / others : 0;
    for (size_t k = 0; k < earned[i].size(); ++k)
      earned[i][k] -= per_token * sampled_tokens(answers[i].steps[k], answers[i].sampled);
  }
  return earned;
}

}  // namespace

std::vector<double> step_factors(const std::vector<StepFactor>& steps, int64_t tokens) {
  std::vector<double> factors(static_cast<size_t>(tokens), 1);
  for (const StepFactor& step : steps) {
    NELUMBO_CHECK(step.factor >= 0 && step.factor <= 1)
        << "step factor " << step.factor << " (" << step.reason << ") is not in [0, 1]";
    const int64_t last = std::min(step.last_token, tokens);
    for (int64_t t = std::max<int64_t>(step.first_token, 0); t < last; ++t)
      factors[t] = std::min(factors[t], step.factor);
  }
  return factors;
}

double penalised(double value, double factor) {
  return value > 0 ? factor * value : value;
}

double outcome_return(const Outcome& outcome, double process_share) {
  // A gate's value replaces the total; no layer has a part in it.
  if (!outcome.gate.empty() || outcome.credit == StepCredit::kSum)
    return outcome.total;
  if (outcome.credit != StepCredit::kMultiplier)
    return outcome.total - process_share * outcome.process;
  if (outcome.process == 1)
    return outcome.total;
  NELUMBO_CHECK(outcome.process > 0) << "a process factor of 0 hides what the answer earned";
  const double earned = outcome.total - outcome.shaping;
  // What rubric points make negative was not scaled.
  return (earned > 0 ? earned / outcome.process : earned) + outcome.shaping;
}

bool steps_spread(std::span<const SteppedAnswer> answers) {
  const std::vector<double> scores = scores_of(answers);
  if (scores.size() < 2)
    return false;
  const auto [low, high] = std::ranges::minmax(scores);
  return high - low > kSameScore;
}

std::vector<std::vector<double>> step_advantages(std::span<const SteppedAnswer> answers,
                                                 StepCredit credit, bool divide) {
  const std::vector<std::vector<double>> earned =
      credit == StepCredit::kMin ? above_others(answers) : relative_scores(answers, divide);
  std::vector<std::vector<double>> advantages;
  for (size_t i = 0; i < answers.size(); ++i) {
    std::vector<double>& mine = advantages.emplace_back(answers[i].sampled.size(), 0.0);
    for (size_t k = 0; k < earned[i].size(); ++k) {
      const int64_t end = std::min<int64_t>(answers[i].steps[k].last_token, std::ssize(mine));
      for (int64_t t = 0; t < end; ++t)
        mine[static_cast<size_t>(t)] += earned[i][k];
    }
  }
  return advantages;
}

}  // namespace nelumbo

// SPDX-License-Identifier: Apache-2.0
//
// Group-relative advantages. R_i return of answer i, mean and std (over n - 1) of its group,
// gamma_t process factor of token t (learner/credit.h), e = 1e-6:
//
//   GRPO     A_t = (gamma_t R_i - mean) / (std + e)                  (Shao et al., 2024)
//   Dr.GRPO  A_t = gamma_t R_i - mean                                (Liu et al., 2025)
//   RLOO     A_t = gamma_t R_i - mean of R_j, j != i                 (Ahmadian et al., 2024)
//   GDPO     A_t = whiten(sum_k w_k (gamma_t R_ik - mean_k) / (std_k + e)), component k of the
//            reward: rule (shaping has joined it), rubric, and process in the form sum; w_k the
//            layer's weight
//
// mean and std are those of unpenalised returns, so a fault in one answer does not lift the others.
// A process layer with a weight is a component of its own: in the form sum a return like the
// others, in the forms min and token w_process times what learner/credit.h gives each token, and
// gamma is 1. Whitening divides by the batch's std of the unpenalised sums, one for each answer:
// their mean is 0 already, since each group's is.
//
// The trap: a group whose returns are all alike has std 0 up to rounding, and (gamma R - mean) / e
// is then a million. Such groups are dropped first; in GDPO so is a component without spread.
#include "learner/advantages.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "learner/credit.h"

namespace nelumbo {
namespace {

/// One return of each scored answer of a group, and how it becomes an advantage.
struct Term {
  double weight = 1;
  std::vector<double> returns;  ///< unpenalised
  double sum = 0, std = 0;
  bool spread = false;
};

/// What the steps of a group's scored answers add token by token; nothing where `advantages` is
/// empty.
struct StepTerm {
  double weight = 0;
  std::vector<std::vector<double>> advantages;  ///< [answer][token]
};

/// A group that is trained: its scored answers and the terms with spread.
struct Scored {
  size_t group = 0;
  std::vector<size_t> answers;
  std::vector<Term> terms;
  StepTerm steps;
};

double sample_std(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1));
}

Term term_of(double weight, std::vector<double> returns) {
  Term term{.weight = weight, .returns = std::move(returns)};
  if (term.returns.size() < 2)
    return term;
  const auto [low, high] = std::ranges::minmax(term.returns);
  term.spread = high - low > kLeastSpread;
  term.sum = std::accumulate(term.returns.begin(), term.returns.end(), 0.0);
  term.std = sample_std(term.returns);
  return term;
}

/// The share that a layer has in the total, from the components of a group's outcomes: the largest,
/// since a gate may leave components out. Nothing when no component of that layer was stored.
std::optional<double> layer_weight(const ScoredGroup& group, const std::vector<size_t>& answers,
                                   const std::string& layer) {
  std::optional<double> most;
  for (const size_t i : answers) {
    std::optional<double> share;
    for (const Component& component : group.outcomes[i].components)
      if (component.layer == layer)
        share = share.value_or(0) + component.weight;
    if (share)
      most = std::max(most.value_or(0), *share);
  }
  return most;
}

std::vector<size_t> scored_answers(const ScoredGroup& group) {
  std::vector<size_t> answers;
  for (size_t i = 0; i < group.outcomes.size(); ++i)
    if (group.outcomes[i].kind == Outcome::Kind::kScore)
      answers.push_back(i);
  return answers;
}

/// How the process layer of the group's specification acts; one specification scored all of them.
StepCredit credit_of(const ScoredGroup& group, const std::vector<size_t>& answers) {
  return answers.empty() ? StepCredit::kMultiplier : group.outcomes[answers.front()].credit;
}

/// Whether steps are trained token by token.
bool by_token(StepCredit credit) {
  return credit == StepCredit::kMin || credit == StepCredit::kToken;
}

std::vector<SteppedAnswer> stepped(const ScoredGroup& group, const std::vector<size_t>& answers) {
  std::vector<SteppedAnswer> all;
  all.reserve(answers.size());
  for (const size_t i : answers)
    all.push_back({group.outcomes[i].steps, group.group->trajectories[i].sampled});
  return all;
}

/// Whether the steps alone tell answers apart.
bool has_step_spread(const ScoredGroup& group, const std::vector<size_t>& answers) {
  return by_token(credit_of(group, answers)) && steps_spread(stepped(group, answers));
}

StepTerm step_term(const ScoredGroup& group, const std::vector<size_t>& answers,
                   AdvantageKind kind) {
  if (!has_step_spread(group, answers))
    return {};
  const bool divide = kind == AdvantageKind::kGrpo || kind == AdvantageKind::kGdpo;
  return {layer_weight(group, answers, "process").value_or(0),
          step_advantages(stepped(group, answers), credit_of(group, answers), divide)};
}

/// What of each answer's outcome the advantage compares; terms without spread are left out.
std::vector<Term> terms_of(const ScoredGroup& group, const std::vector<size_t>& answers,
                           AdvantageKind kind) {
  const auto returns = [&](auto value) {
    std::vector<double> all;
    all.reserve(answers.size());
    for (const size_t i : answers)
      all.push_back(value(group.outcomes[i]));
    return all;
  };
  std::vector<Term> terms;
  if (kind == AdvantageKind::kGdpo) {
    const auto rule = [](const Outcome& outcome) { return outcome.rule; };
    terms.push_back(term_of(layer_weight(group, answers, "rule").value_or(1), returns(rule)));
    const auto rubric = [](const Outcome& outcome) { return outcome.rubric; };
    const bool all =
        std::ranges::all_of(answers, [&](size_t i) { return group.outcomes[i].has_rubric; });
    if (all)
      terms.push_back(term_of(layer_weight(group, answers, "rubric").value_or(1), returns(rubric)));
    if (credit_of(group, answers) == StepCredit::kSum)
      terms.push_back(term_of(layer_weight(group, answers, "process").value_or(0),
                              returns([](const Outcome& outcome) { return outcome.process; })));
  } else {
    const double share = layer_weight(group, answers, "process").value_or(0);
    terms.push_back(term_of(
        1, returns([share](const Outcome& outcome) { return outcome_return(outcome, share); })));
  }
  std::erase_if(terms, [](const Term& term) { return !term.spread || term.weight == 0; });
  return terms;
}

/// The advantage of answer `i` (of the scored ones) for one term, were its return `value`.
double advantage(const Term& term, AdvantageKind kind, size_t i, double value) {
  const auto n = static_cast<double>(term.returns.size());
  switch (kind) {
    case AdvantageKind::kGrpo:
    case AdvantageKind::kGdpo:
      return (value - term.sum / n) / (term.std + kAdvantageEps);
    case AdvantageKind::kDrGrpo:
      return value - term.sum / n;
    case AdvantageKind::kRloo:
      return value - (term.sum - term.returns[i]) / (n - 1);
  }
  NELUMBO_CHECK(false) << "unknown advantage";
  return 0;
}

/// The weighted sum over the terms when the returns are scaled by a process factor.
double sum_over_terms(const Scored& scored, AdvantageKind kind, size_t i, double factor) {
  double sum = 0;
  for (const Term& term : scored.terms)
    sum += term.weight * advantage(term, kind, i, penalised(term.returns[i], factor));
  return sum;
}

/// What GDPO multiplies by so that the batch's unpenalised advantages have standard deviation 1.
double whitening(const std::vector<Scored>& batch, AdvantageKind kind) {
  if (kind != AdvantageKind::kGdpo || batch.empty())
    return 1;
  std::vector<double> all;
  all.reserve(batch.size() * batch.front().answers.size());
  for (const Scored& scored : batch)
    for (size_t i = 0; i < scored.answers.size(); ++i)
      all.push_back(sum_over_terms(scored, kind, i, 1));
  const double std = sample_std(all);
  // Components may cancel in every answer; what is left is rounding, not a signal to blow up.
  return std > kLeastSpread ? 1 / (std + kAdvantageEps) : 1;
}

/// Sorts a group out, or says nothing and counts why.
std::optional<Scored> sort_out(const ScoredGroup& group, size_t index, AdvantageKind kind,
                               AdvantageStats& stats) {
  NELUMBO_CHECK(group.outcomes.size() == group.group->trajectories.size())
      << "a group needs one outcome for each trajectory";
  Scored scored{.group = index, .answers = scored_answers(group), .terms = {}, .steps = {}};
  ++stats.groups;
  stats.unscored += std::ssize(group.outcomes) - std::ssize(scored.answers);
  if (scored.answers.size() < 2) {
    ++stats.too_few;
    return std::nullopt;
  }
  scored.terms = terms_of(group, scored.answers, kind);
  scored.steps = step_term(group, scored.answers, kind);
  if (scored.terms.empty() && scored.steps.advantages.empty()) {
    ++stats.zero_spread;
    return std::nullopt;
  }
  stats.trajectories += std::ssize(scored.answers);
  return scored;
}

/// A of each token of one scored answer.
std::vector<float> of_tokens(const ScoredGroup& group, const Scored& scored, size_t i,
                             AdvantageKind kind, double scale, AdvantageStats& stats) {
  const Trajectory& trajectory = group.group->trajectories[scored.answers[i]];
  const std::vector<StepFactor>& steps = group.outcomes[scored.answers[i]].steps;
  const bool scales = group.outcomes[scored.answers[i]].credit == StepCredit::kMultiplier;
  const std::vector<double> factors =
      step_factors(scales ? steps : std::vector<StepFactor>{}, std::ssize(trajectory.tokens));
  const StepTerm& credit = scored.steps;
  std::vector<float> tokens(trajectory.tokens.size(), 0);
  for (size_t t = 0; t < tokens.size(); ++t) {
    if (trajectory.sampled[t] == 0)
      continue;
    const double from_steps = credit.advantages.empty() ? 0 : credit.advantages[i][t];
    const double a =
        scale * (sum_over_terms(scored, kind, i, factors[t]) + credit.weight * from_steps);
    stats.abs_max = std::max(stats.abs_max, std::abs(a));
    stats.clipped += std::abs(a) > kAdvantageLimit ? 1 : 0;
    tokens[t] = static_cast<float>(std::clamp(a, -kAdvantageLimit, kAdvantageLimit));
  }
  return tokens;
}

}  // namespace

AdvantageKind advantage_of(const std::string& word) {
  if (word == "grpo")
    return AdvantageKind::kGrpo;
  if (word == "dr_grpo")
    return AdvantageKind::kDrGrpo;
  if (word == "rloo")
    return AdvantageKind::kRloo;
  NELUMBO_CHECK(word == "gdpo") << "unknown advantage '" << word << "'";
  return AdvantageKind::kGdpo;
}

bool has_spread(const ScoredGroup& group, AdvantageKind kind) {
  const std::vector<size_t> answers = scored_answers(group);
  return !terms_of(group, answers, kind).empty() || has_step_spread(group, answers);
}

std::vector<std::vector<TokenAdvantages>> token_advantages(std::span<const ScoredGroup> groups,
                                                           AdvantageKind kind,
                                                           AdvantageStats& stats) {
  stats = {};
  std::vector<std::vector<TokenAdvantages>> advantages;
  std::vector<Scored> batch;
  for (size_t g = 0; g < groups.size(); ++g) {
    advantages.emplace_back(groups[g].outcomes.size());
    if (std::optional<Scored> scored = sort_out(groups[g], g, kind, stats))
      batch.push_back(std::move(*scored));
  }
  const double scale = whitening(batch, kind);
  for (const Scored& scored : batch)
    for (size_t i = 0; i < scored.answers.size(); ++i)
      advantages[scored.group][scored.answers[i]] =
          of_tokens(groups[scored.group], scored, i, kind, scale, stats);
  return advantages;
}

std::vector<TrainingGroup> policy_training_groups(std::span<const ScoredGroup> groups,
                                                  const RlConfig& config, AdvantageStats& stats) {
  std::vector<std::vector<TokenAdvantages>> advantages =
      token_advantages(groups, advantage_of(config.advantage), stats);
  std::vector<TrainingGroup> trained;
  for (size_t g = 0; g < groups.size(); ++g) {
    const Group& group = *groups[g].group;
    TrainingGroup out{.prefix = group.prompt->tokens, .pixels = group.prompt->pixels, .items = {}};
    for (size_t i = 0; i < advantages[g].size(); ++i) {
      if (!advantages[g][i])
        continue;
      const Trajectory& trajectory = group.trajectories[i];
      out.items.push_back({.task = group.prompt->task,
                           .tokens = trajectory.tokens,
                           .trained = trajectory.sampled,
                           .pixels = trajectory.pixels,
                           .advantages = std::move(*advantages[g][i]),
                           .old_logprobs = trajectory.logprobs});
    }
    if (!out.items.empty())
      trained.push_back(std::move(out));
  }
  return trained;
}

}  // namespace nelumbo

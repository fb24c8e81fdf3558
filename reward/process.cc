// SPDX-License-Identifier: Apache-2.0
#include "reward/process.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "reward/arithmetic.h"
#include "reward/gold_path.h"
#include "reward/kinds.h"
#include "reward/lap_clock.h"
#include "reward/score_terms.h"
#include "reward/step_checks.h"
#include "reward/thought_checks.h"

namespace nelumbo {

namespace {

using Reader = Result<StepCheckPtr> (*)(const SpecNode&, StepHeader&);

constexpr std::array<Kind<Reader>, 10> kKinds = {{{"loop", read_loop},
                                                  {"unsupported", read_unsupported},
                                                  {"unused_tool", read_unused_tool},
                                                  {"wrong_order", read_wrong_order},
                                                  {"gold_path", read_gold_path},
                                                  {"arithmetic", read_arithmetic},
                                                  {"evidence", read_evidence},
                                                  {"conclusion", read_conclusion},
                                                  {"parts", read_parts},
                                                  {"learned", read_learned}}};

struct ProcessKeys {
  std::string form = "multiplier";
  double weight = 1;

  template <class V>
  void fields(V& v) {
    v(form, "form", "How steps act on the return.", OneOf{"multiplier", "sum", "min", "token"});
    v(weight, "weight", "The layer's share beside rule and rubric; not of a multiplier.", kWeights);
  }

  StepCredit credit() const {
    if (form == "sum")
      return StepCredit::kSum;
    if (form == "min")
      return StepCredit::kMin;
    return form == "token" ? StepCredit::kToken : StepCredit::kMultiplier;
  }
};

/// All steps of a trajectory as they stand in it, clean.
std::vector<StepFactor> clean_steps(const Trajectory& trajectory) {
  std::vector<StepFactor> steps;
  for (const ToolCall& call : trajectory.calls)
    steps.push_back({call.first_token, call.last_token, 1, ""});
  for (const ThoughtStep& thought : trajectory.thoughts)
    steps.push_back({thought.first_token, thought.last_token, 1, ""});
  std::ranges::stable_sort(steps, {}, &StepFactor::first_token);
  return steps;
}

}  // namespace

std::vector<std::string> ProcessLayer::kinds() {
  return names_of<Reader>(kKinds);
}

Result<ProcessLayer> ProcessLayer::read(const SpecNode& node) {
  ProcessKeys keys;
  if (auto done = read_fields(node, {"checks"}, keys); !done)
    return done.error();
  const auto list = node.at("checks");
  if (!list)
    return list.error();
  const auto items = list.value().items();
  if (!items)
    return items.error();
  ProcessLayer layer;
  layer.credit_ = keys.credit();
  layer.weight_ = keys.weight;
  if (layer.credit_ == StepCredit::kMultiplier && node.has("weight"))
    return node.at("weight").value().error(
        "a multiplier has no weight; leave it out, or choose form: sum, min or token");
  if (layer.weight() > 0 && items.value().empty())
    return list.value().error("must name a check: with a weight, steps would be paid unseen");
  for (const SpecNode& item : items.value()) {
    const auto kind = kind_of<Reader>(item, kKinds);
    if (!kind)
      return kind.error();
    StepHeader header;
    auto check = kind.value()->read(item, header);
    if (!check)
      return check.error();
    layer.checks_.push_back(
        {header.name.empty() ? header.kind : header.name, header.factor, std::move(check.value())});
  }
  return layer;
}

Result<ProcessVerdict> ProcessLayer::judge(const Scene& scene) const {
  ProcessVerdict verdict;
  std::map<std::pair<int64_t, int64_t>, StepFactor> steps;  // by their tokens
  LapClock clock;
  double most = 1;
  for (const Entry& entry : checks_) {
    const auto faults = entry.check->faults(scene);
    if (!faults)
      return faults.error();
    Component component{entry.name, "process", 1, 0, ""};
    for (const Fault& fault : faults.value()) {
      const double factor = std::min(entry.factor, fault.most);
      component.value = std::min(component.value, factor);
      component.evidence += (component.evidence.empty() ? "" : "; ") + fault.reason;
      most = std::min(most, fault.most);
      if (!fault.is_step)
        continue;
      const StepFactor step{fault.first_token, fault.last_token, factor,
                            entry.name + ": " + fault.reason};
      const auto [at, is_new] = steps.emplace(std::pair(step.first_token, step.last_token), step);
      if (!is_new && step.factor < at->second.factor)
        at->second = step;
    }
    component.nanoseconds = clock.lap();
    verdict.components.push_back(std::move(component));
  }
  for (auto& [tokens, step] : steps) {
    verdict.value = std::min(verdict.value, step.factor);
    verdict.steps.push_back(std::move(step));
  }
  verdict.value = std::min(verdict.value, most);
  if (credit_ != StepCredit::kMultiplier)
    add_value(scene.trajectory, most, verdict);
  return verdict;
}

void ProcessLayer::add_value(const Trajectory& trajectory, double most,
                             ProcessVerdict& verdict) const {
  const std::vector<StepFactor> faulty = std::exchange(verdict.steps, clean_steps(trajectory));
  double sum = 0, least = verdict.steps.empty() ? 0 : 1;
  size_t clean = 0;
  for (StepFactor& step : verdict.steps) {
    const auto fault = std::ranges::find_if(faulty, [&](const StepFactor& other) {
      return other.first_token == step.first_token && other.last_token == step.last_token;
    });
    if (fault == faulty.end())
      ++clean;
    else
      step = *fault;
    sum += step.factor;
    least = std::min(least, step.factor);
  }
  const size_t n = verdict.steps.size();
  const double mean = n == 0 ? 0 : sum / static_cast<double>(n);
  verdict.value = std::min(credit_ == StepCredit::kMin ? least : mean, most);
  verdict.components.insert(
      verdict.components.begin(),
      {"steps", "process", verdict.value, 1,
       n == 0 ? "no step"
              : std::to_string(clean) + " of " + std::to_string(n) + " are clean" +
                    (most < 1 ? ", and some are left out" : "")});
}

std::vector<TruthField> ProcessLayer::needs() const {
  std::vector<TruthField> all;
  for (const Entry& entry : checks_)
    for (TruthField& field : entry.check->needs())
      all.push_back(std::move(field));
  return all;
}

}  // namespace nelumbo

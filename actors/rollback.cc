// SPDX-License-Identifier: Apache-2.0
#include "actors/rollback.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/json_lines.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// A sign that is judged: where its deviation stands, and its own value.
struct Sign {
  const char* deviation;
  const char* value;
  const char* name;
};

constexpr Sign kSigns[] = {{"guard/loss", "optim/loss", "loss"},
                           {"guard/grad_norm", "optim/grad_norm", "norm of the gradient"},
                           {"guard/kl", "off_policy/kl", "KL"}};

double value_of(const Metrics& metrics, const char* name) {
  const auto at = metrics.find(name);
  return at == metrics.end() ? 0 : at->second;
}

std::optional<Rollback> from_event(const json& event) {
  if (event.value("event", json()) != "rollback")
    return std::nullopt;
  const json stage = event.value("stage", json()), why = event.value("why", json());
  const json to = event.value("to", json()), step = event.value("step", json());
  if (!stage.is_string() || !why.is_string() || !to.is_number_integer() ||
      !step.is_number_integer())
    return std::nullopt;
  return Rollback{stage.get<std::string>(), to.get<int64_t>(), step.get<int64_t>(),
                  why.get<std::string>()};
}

}  // namespace

std::vector<Rollback> read_rollbacks(const std::string& directory, std::string* damaged) {
  std::vector<Rollback> all;
  for (const json& event : read_json_lines(directory + "/events.jsonl", damaged))
    if (auto one = from_event(event))
      all.push_back(std::move(*one));
  return all;
}

std::optional<std::string> against_rollback(const std::vector<Rollback>& before,
                                            const std::string& stage, int64_t to) {
  const auto same = [&](const Rollback& one) { return one.stage == stage; };
  if (std::ranges::any_of(before, [&](const Rollback& one) { return same(one) && one.to == to; }))
    return "it went on from step " + std::to_string(to) + " once, and it came again";
  if (std::ranges::count_if(before, same) >= kMostRollbacks)
    return "it went back " + std::to_string(kMostRollbacks) + " times, and it came again";
  return std::nullopt;
}

std::optional<std::string> spike_of(const Metrics& metrics, const GuardConfig& guard) {
  const auto worst = std::ranges::max_element(
      kSigns, {}, [&](const Sign& sign) { return value_of(metrics, sign.deviation); });
  const double deviation = value_of(metrics, worst->deviation);
  if (guard.spike <= 0 || deviation < guard.spike)
    return std::nullopt;
  return "its " + std::string(worst->name) + " " + json(value_of(metrics, worst->value)).dump() +
         " is " + std::to_string(static_cast<int64_t>(deviation)) +
         " deviations above those of the steps before (guard.spike)";
}

}  // namespace nelumbo

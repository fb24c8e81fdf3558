// SPDX-License-Identifier: Apache-2.0
#include "reward/outcome_bounds.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/format.h"
#include "base/text.h"
#include "reward/shaping.h"

namespace nelumbo {

namespace {

/// For sums in another order.
constexpr double kSlack = 1e-6;
/// The lowest value of a gate, where rubric points do not make it lower.
constexpr double kLowestGate = -1;
/// What points of a fault may be for each positive one: weights lie between 10^-6 and 10^6.
constexpr double kWorstComponent = -1e12;

constexpr std::array<std::string_view, 5> kLayers = {"rule", "rubric", "process", "shaping",
                                                     "gate"};

struct Bounded {
  const char* name;
  double value, least, most;
};

/// What is wrong with a component by itself.
std::optional<std::string> beyond_bounds(const Component& component) {
  const std::string name = shortened(component.name);
  if (std::ranges::find(kLayers, component.layer) == kLayers.end())
    return "the layer of '" + name + "' is '" + shortened(component.layer) + "', and there is none";
  const double least = component.layer == "process" ? 0 : kWorstComponent;
  if (component.value > 1 + kSlack || component.value < least - kSlack)
    return formatted("the value of '%s' is %g, and none lies beyond %g and 1", name.c_str(),
                     component.value, least);
  if (component.weight > 1 + kSlack || component.weight < 0)
    return formatted("the weight of '%s' is %g, and none lies beyond 0 and 1", name.c_str(),
                     component.weight);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> beyond_bounds(const Outcome& outcome) {
  double least = kLowestGate;
  std::string stopped_by;
  for (const Component& component : outcome.components) {
    if (auto what = beyond_bounds(component))
      return what;
    least += std::min(component.value, 0.0);
    if (component.layer == "gate")
      stopped_by = component.name;
  }
  if (stopped_by != outcome.gate)
    return "'gate' is '" + shortened(outcome.gate) + "', and the component of that layer '" +
           shortened(stopped_by) + "'";
  // A gate leaves the worst of the rubric, and its component has but its share of the total.
  const double least_rubric = outcome.gate.empty() ? least : kWorstComponent;
  const std::array<Bounded, 5> all = {
      {{"total", outcome.total, least + kLeastShaping, 1 + kMostShaping},
       {"rule", outcome.rule, least + kLeastShaping, 1 + kMostShaping},
       {"rubric", outcome.rubric, least_rubric, 1},
       {"process", outcome.process, outcome.gate.empty() ? 0 : kLowestGate, 1},
       {"shaping", outcome.shaping, kLeastShaping, kMostShaping}}};
  for (const auto& [name, value, lowest, highest] : all) {
    if (value > highest + kSlack)
      return formatted("'%s' is %g, and none gives more than %g", name, value, highest);
    if (value < lowest - kSlack)
      return formatted("'%s' is %g, and none gives less than %g", name, value, lowest);
  }
  return std::nullopt;
}

}  // namespace nelumbo

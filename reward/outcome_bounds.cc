// SPDX-License-Identifier: Apache-2.0
#include "reward/outcome_bounds.h"

#include <algorithm>
#include <array>

#include "base/format.h"
#include "reward/shaping.h"

namespace nelumbo {

namespace {

/// For sums in another order.
constexpr double kSlack = 1e-6;
/// The lowest value of a gate, where rubric points do not make it lower.
constexpr double kLowestGate = -1;
/// What points of a fault may be for each positive one: weights lie between 10^-6 and 10^6.
constexpr double kWorstComponent = -1e12;

struct Bounded {
  const char* name;
  double value, least, most;
};

}  // namespace

std::optional<std::string> beyond_bounds(const Outcome& outcome) {
  double least = kLowestGate;
  for (const Component& component : outcome.components) {
    if (component.value > 1 + kSlack || component.value < kWorstComponent)
      return formatted("the value of '%s' is %g, and none lies beyond %g and 1",
                       component.name.c_str(), component.value, kWorstComponent);
    least += std::min(component.value, 0.0);
  }
  // A gate leaves the worst of the rubric, and its component has but its share of the total.
  const double least_rubric = outcome.gate.empty() ? least : kWorstComponent;
  const std::array<Bounded, 5> all = {
      {{"total", outcome.total, least + kLeastShaping, 1 + kMostShaping},
       {"rule", outcome.rule, least + kLeastShaping, 1 + kMostShaping},
       {"rubric", outcome.rubric, least_rubric, 1},
       {"process", outcome.process, least, 1},
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

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "reward/reward.h"

namespace nelumbo {

/// A component of a spec, or its total, as a row of a table: by spec, then total, rule, rubric,
/// process, shaping and gate, then by name.
struct ComponentKey {
  std::string spec, layer, name;

  static ComponentKey total(std::string spec) { return {std::move(spec), "total", "total"}; }
  static ComponentKey of(std::string spec, const Component& component) {
    return {std::move(spec), component.layer, component.name};
  }

  /// "rule/number", or "total".
  std::string label() const { return layer == "total" ? layer : layer + "/" + name; }

  bool operator==(const ComponentKey&) const = default;
  bool operator<(const ComponentKey& other) const {
    return std::tuple(std::string_view(spec), order(), std::string_view(layer),
                      std::string_view(name)) <
           std::tuple(std::string_view(other.spec), other.order(), std::string_view(other.layer),
                      std::string_view(other.name));
  }

 private:
  int64_t order() const {
    constexpr std::array<std::string_view, 6> kLayers = {"total",   "rule",    "rubric",
                                                         "process", "shaping", "gate"};
    return std::ranges::find(kLayers, layer) - kLayers.begin();
  }
};

/// A mean of numbers that come one by one.
struct RunningMean {
  double sum = 0;
  int64_t n = 0;

  void add(double value) {
    sum += value;
    ++n;
  }
  double value() const { return n > 0 ? sum / static_cast<double>(n) : 0; }
};

}  // namespace nelumbo
